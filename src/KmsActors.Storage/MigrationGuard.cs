namespace KmsActors.Storage;

/// <summary>
/// Has a say before a database that is older than its table of root keys is brought to the schema of this program, so
/// that who has not its root key does not change it either.
/// </summary>
/// <param name="MetaName">Which value of the database as a whole it goes by.</param>
/// <param name="Require">
/// Given the value, if the database has one, while it is locked. What it throws leaves the database as it was.
/// </param>
public sealed record MigrationGuard(string MetaName, Action<byte[]?> Require);
