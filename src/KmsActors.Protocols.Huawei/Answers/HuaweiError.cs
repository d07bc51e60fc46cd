namespace KmsActors.Protocols.Huawei;

/// <summary>Whose error it is: each of the three has a body of its own.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"error":{"error_code","error_msg"}}</c></summary>
    Kms,

    /// <summary><c>{"error_msg","error_code","request_id"}</c></summary>
    Gateway,

    /// <summary><c>{"error":{"code","message","title"}}</c>, the code being the status, a number.</summary>
    Iam,
}

/// <summary>An error as a client sees it.</summary>
/// <param name="HttpStatus">The status.</param>
/// <param name="Code">The code; of an error of IAM, its title.</param>
/// <param name="Message">The message.</param>
/// <param name="Shape">The form of the body.</param>
internal sealed record HuaweiError(
    int HttpStatus, string Code, string Message, ErrorShape Shape = ErrorShape.Kms)
{
    /// <summary>Whether the same request may do better in a moment.</summary>
    public bool IsForNow => HttpStatus is 429 or 503 || this == HuaweiErrors.KmsIoFailure;

    /// <summary>The same, with the name of the field where the document's message does not have it.</summary>
    public HuaweiError About(string? field) =>
        field is null || Message.Contains(field, StringComparison.Ordinal)
            ? this
            : this with { Message = $"{Message} ({field})" };
}
