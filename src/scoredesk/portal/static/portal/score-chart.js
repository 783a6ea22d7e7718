// Draws the Secure Score trend from the page's JSON, in the colours of the theme.
(() => {
  const canvas = document.getElementById("score-chart");
  const data = document.getElementById("score-trend");
  if (!canvas || !data || typeof Chart === "undefined") return;

  const days = JSON.parse(data.textContent);
  const language = document.documentElement.lang;
  const short = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  let chart;

  // A canvas knows no CSS variables: let the browser work the colour out on the canvas itself.
  const colour = (value) => {
    canvas.style.color = value;
    const found = getComputedStyle(canvas).color;
    canvas.style.color = "";
    return found;
  };

  const draw = () => {
    chart?.destroy();
    const line = colour("var(--tblr-link-color)");
    const area = colour("color-mix(in srgb, var(--tblr-link-color) 12%, transparent)");
    const text = colour("var(--tblr-secondary)");
    const grid = colour("var(--tblr-border-color)");
    Chart.defaults.font.family = getComputedStyle(canvas).fontFamily;
    chart = new Chart(canvas, {
      type: "line",
      data: {
        labels: days.map((entry) => new Date(entry.day)),
        datasets: [
          {
            label: canvas.dataset.label,
            data: days.map((entry) => entry.percent),
            borderColor: line,
            backgroundColor: area,
            borderWidth: 2,
            fill: true,
            pointRadius: 0,
            pointHitRadius: 12,
            tension: 0.25,
          },
        ],
      },
      options: {
        maintainAspectRatio: false,
        animation: false,
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            callbacks: {
              title: (items) => long.format(new Date(days[items[0].dataIndex].day)),
              label: (item) => `${number.format(item.parsed.y)} %`,
            },
          },
        },
        scales: {
          x: {
            grid: { display: false },
            border: { color: grid },
            ticks: {
              color: text,
              maxTicksLimit: 6,
              maxRotation: 0,
              callback: (_value, index) => short.format(new Date(days[index].day)),
            },
          },
          y: {
            grace: "10%",
            grid: { color: grid },
            border: { display: false },
            ticks: { color: text, maxTicksLimit: 5, callback: (value) => `${number.format(value)} %` },
          },
        },
      },
    });
  };

  draw();
  document.addEventListener("scoredesk:theme", draw);
})();
