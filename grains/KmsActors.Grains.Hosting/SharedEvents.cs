namespace KmsActors.Grains.Hosting;

/// <summary>Which changes have to be heeded by every node before they are answered.</summary>
internal static class SharedEvents
{
    /// <summary>
    /// All but those that make something new, which no node can have in memory (that there is none, none
    /// remembers), and those on which no answer depends.
    /// </summary>
    public static bool MattersElsewhere(this AuditEvent happened) => happened is not (
        AuditEvent.AccountCreated
        or AuditEvent.AccessKeyCreated
        or AuditEvent.KeyCreated
        or AuditEvent.ImportTokenIssued
        or AuditEvent.AliasCreated
        or AuditEvent.UserCreated
        or AuditEvent.GroupCreated
        or AuditEvent.AuthTokenIssued
        or AuditEvent.LoginFailed
        or AuditEvent.PasswordRehashed
        or AuditEvent.ImportAttemptFailed);
}
