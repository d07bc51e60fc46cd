using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>What is kept of an access key's secret.</summary>
internal static class AccessKeySecrets
{
    /// <summary>Why these cannot be an access key, or null.</summary>
    public static Refusal? CheckAccessKey(this OperationContext context, string accessKeyId, string secret)
    {
        if (!AccessKeyText.IsId(accessKeyId)) return Refusal.Invalid("Id");
        return AccessKeyText.IsSecret(secret) ? null : Refusal.Invalid("Secret");
    }

    /// <summary>The secret, wrapped by the HSA for this access key.</summary>
    public static byte[] WrapSecret(this OperationContext context, string accessKeyId, string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        try
        {
            return context.Kms.Hsa.WrapSecret(accessKeyId, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
