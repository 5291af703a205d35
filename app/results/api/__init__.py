"""The API for programs: read-only, versioned, described by OpenAPI."""
