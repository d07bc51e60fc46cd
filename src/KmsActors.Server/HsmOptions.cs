using System.Text;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Server;

/// <summary>The section "Kms:Hsm": the hardware module, a PKCS#11 token.</summary>
internal sealed class HsmOptions
{
    /// <summary>The path of its Cryptoki library; null for no module.</summary>
    public string? Library { get; set; }

    /// <summary>The token's label.</summary>
    public string? TokenLabel { get; set; }

    /// <summary>A file of mode 0600 that has the user's PIN; null if the environment has it.</summary>
    public string? PinFile { get; set; }

    /// <summary>How many keys are open in the token at once.</summary>
    public int MostOpenKeys { get; set; } = 10_000;

    /// <summary>Whether keys of the level HSM are refused without a module, rather than served in software.</summary>
    public bool Required { get; set; }

    /// <summary>The token, or null for no module.</summary>
    public TokenOptions? Token => Library is null || TokenLabel is null
        ? null
        : new TokenOptions { Library = Library, Label = TokenLabel, MostOpenKeys = MostOpenKeys };

    /// <summary>What is wrong with them, but for ranges of numbers.</summary>
    public IEnumerable<string> Errors()
    {
        const int longestLabel = 32;
        if (Library is null != TokenLabel is null || Library?.Length == 0)
            yield return "Kms:Hsm:Library, Kms:Hsm:TokenLabel: both or neither.";
        if (TokenLabel is not null && Encoding.UTF8.GetByteCount(TokenLabel) is 0 or > longestLabel)
            yield return "Kms:Hsm:TokenLabel: 1 to 32 bytes.";
        if (Library is null && PinFile is not null) yield return "Kms:Hsm:PinFile: there is no token that it is for.";
    }
}
