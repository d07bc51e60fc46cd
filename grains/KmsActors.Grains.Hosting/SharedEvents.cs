namespace KmsActors.Grains.Hosting;

/// <summary>Which changes have to be heeded by every node before they are answered.</summary>
internal static class SharedEvents
{
    /// <summary>
    /// All but those that make something under a name that nothing had before, which no node can have in memory, and
    /// those on which no answer depends. A name that can be given again is another matter: a node may still have
    /// what had it last, if its removal is not heeded yet. And an access key is created anew to have another secret.
    /// </summary>
    public static bool MattersElsewhere(this AuditEvent happened) => happened is not (
        AuditEvent.AccountCreated
        or AuditEvent.KeyCreated
        or AuditEvent.KeyForgotten
        or AuditEvent.ImportTokenIssued
        or AuditEvent.AuthTokenIssued
        or AuditEvent.Rewrapped
        or AuditEvent.LoginFailed
        or AuditEvent.PasswordRehashed
        or AuditEvent.ImportAttemptFailed);
}
