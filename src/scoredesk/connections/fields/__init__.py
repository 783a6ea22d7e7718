"""Fields as the instance has them: `reading` asks it, `catalogue` understands what came, `mapping`
keeps what an administrator wants to be sent, `sent` resolves that for one ticket, `references`
finds groups and people by name."""
