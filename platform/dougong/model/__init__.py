"""The app document and what it resolves to: AppDefinition in, AppModel or Issues out."""
