namespace KmsActors.Protocols.Tencent;

/// <summary>An error as a client sees it; its HTTP status is always 200.</summary>
/// <param name="Code">The code, a number.</param>
/// <param name="Module">The code within the module, which the message begins with.</param>
/// <param name="Description">The codeDesc.</param>
/// <param name="Text">What the message says.</param>
internal sealed record TencentError(int Code, int Module, string Description, string Text)
{
    /// <summary>The message, <c>(10480)…</c>.</summary>
    public string Message => $"({Module}){Text}";

    /// <summary>Whether the same request may do better in a moment.</summary>
    public bool IsForNow => this == TencentErrors.Unavailable || this == TencentErrors.Throttled;
}
