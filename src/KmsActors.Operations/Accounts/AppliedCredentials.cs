using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Which credentials the service itself gave the context's account last. What has become of them since is the
/// operator's will: one that he deleted is not given again because the same text is still in a file.
/// </summary>
public static class AppliedCredentials
{
    /// <summary>Whether it was these.</summary>
    /// <param name="context">The account.</param>
    /// <param name="text">All of them; a secret.</param>
    public static async ValueTask<bool> AreAsync(OperationContext context, string text)
    {
        if (await context.ReadAccountAsync() is not { AppliedCredentials: { } wrapped }) return false;
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            using var applied = context.Kms.Hsa.OpenSecret(OwnerOf(context.Account), wrapped);
            using var lease = applied.Use();
            return CryptographicOperations.FixedTimeEquals(lease.Span, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Notes that it is these from now on.</summary>
    public static async ValueTask<Outcome<Done>> NoteAsync(OperationContext context, string text)
    {
        var wrapped = context.WrapSecret(OwnerOf(context.Account), text);
        return await context.InAccountTurn(account => account.NoteCredentials(wrapped));
    }

    /// <summary>For whom they are wrapped.</summary>
    internal static string OwnerOf(string account) => "applied-credentials/" + account;
}
