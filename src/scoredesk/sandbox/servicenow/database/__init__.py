"""What the instance can store and be asked: tables, fields, encoded queries; no rights here."""
