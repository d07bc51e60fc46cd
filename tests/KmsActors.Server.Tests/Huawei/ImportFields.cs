using System.Globalization;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>What get-parameters-for-import gave for a key.</summary>
internal sealed record ImportFields(string KeyId, string Token, string PublicKey, string Algorithm)
{
    /// <summary>The fields of an import of <paramref name="material"/>.</summary>
    public object With(byte[] material, DateTimeOffset? expiry = null) => new
    {
        key_id = KeyId,
        import_token = Token,
        encrypted_key_material = Wrap(material),
        expiration_time = expiry?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The material as its owner sends it.</summary>
    public string Wrap(byte[] material) => Convert.ToBase64String(
        OutsidePublicKey.Of(Convert.FromBase64String(PublicKey)).Encrypt(Algorithm, material));
}
