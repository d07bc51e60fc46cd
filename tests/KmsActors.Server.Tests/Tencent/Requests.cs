using KmsActors.Protocols.Tencent;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>A good call of every action.</summary>
internal static class Requests
{
    public static IReadOnlyList<string> All { get; } = [.. ActionTable.Names.Order(StringComparer.Ordinal)];

    /// <summary>Those that name a key.</summary>
    public static IReadOnlyList<string> WithKey { get; } = [.. All.Except(["CreateKey", "ListKey", "Decrypt"])];

    /// <summary>Its parameters.</summary>
    /// <param name="action">The action.</param>
    /// <param name="keyId">The key that it names.</param>
    /// <param name="blob">A ciphertext.</param>
    public static Args Of(string action, string keyId, string blob) => action switch
    {
        "CreateKey" => [("alias", Customer.NewAlias())],
        "ListKey" => [],
        "Encrypt" => [("keyId", keyId), ("plaintext", Customer.Hello)],
        "Decrypt" => [("ciphertextBlob", blob)],
        "GenerateDataKey" => [("keyId", keyId), ("keySpec", "AES_128")],
        "SetKeyAttributes" => [("keyId", keyId), ("alias", Customer.NewAlias())],
        "ScheduleKeyDeletion" => [("keyId", keyId), ("pendingWindowInDays", "7")],
        _ => [("keyId", keyId)],
    };

    /// <summary>Brings the key into a state where the action succeeds.</summary>
    public static async Task PrepareAsync(string action, Customer customer, string keyId)
    {
        if (action == "CancelKeyDeletion")
            await customer.OkAsync("ScheduleKeyDeletion", ("keyId", keyId), ("pendingWindowInDays", "7"));
    }

    /// <summary>As many bytes, in Base64.</summary>
    public static string Base64Of(int length) => Convert.ToBase64String(new byte[length]);

    /// <summary>The same with one parameter of another value, or without it.</summary>
    public static Args With(Args parameters, string name, string? value) =>
    [
        .. parameters.Where(p => p.Name != name),
        .. value is null ? (Args)[] : [(name, value)],
    ];
}
