using System.Buffers;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Huawei;

/// <summary>The fields that more than one call has, and what the document allows in them.</summary>
internal static class FieldRules
{
    public const int MostDataKeyBytes = 1024;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly TextRule Alias =
        new(1, 255) { Only = SearchValues.Create(Letters + "0123456789:/_-") };

    private static readonly TextRule Description = new(0, 255);

    /// <summary>
    /// A key's name (seed 003, 4.1.1). The '-', which the document's pattern has not got, is in that of its later
    /// editions. The names of default master keys are the service's.
    /// </summary>
    public static string KeyAlias(this FieldBinder bind)
    {
        var alias = bind.Text("key_alias", Alias, HuaweiErrors.KeyAliasInvalid);
        bind.Require(!CmkState.IsDefaultName(alias), "key_alias", HuaweiErrors.KeyAliasInvalid);
        return alias;
    }

    /// <summary>A key's description; empty is one, too.</summary>
    public static string KeyDescription(this FieldBinder bind) =>
        bind.Text("key_description", Description, HuaweiErrors.KeyDescriptionInvalid);

    /// <summary>As <see cref="KeyDescription"/>; the empty one when not given.</summary>
    public static string OptionalKeyDescription(this FieldBinder bind) =>
        bind.OptionalText("key_description", Description, HuaweiErrors.KeyDescriptionInvalid) ?? "";

    /// <summary>The enterprise project <c>0</c> or of a UUID, or null when not given.</summary>
    public static string? EnterpriseProject(this FieldBinder bind, params ReadOnlySpan<string> alsoAllowed)
    {
        const string name = "enterprise_project_id";
        var project = bind.OptionalText(name, new TextRule(0, int.MaxValue), HuaweiErrors.ParameterInvalid);
        if (project is null or CmkState.DefaultEnterpriseProject || alsoAllowed.Contains(project)) return project;
        bind.Require(IdText.IsKeyId(project), name, HuaweiErrors.ParameterInvalid);
        return project;
    }

    /// <summary>8 to 8192 bits that are whole bytes, as bytes; or null when not given.</summary>
    public static int? Bits(this FieldBinder bind, string name, HuaweiError error)
    {
        var bits = bind.OptionalNumber(name, 8, 8 * MostDataKeyBytes, error);
        bind.Require((bits ?? 0) % 8 == 0, name, error);
        return (int?)(bits / 8);
    }

    /// <summary>The length of a data key in bytes.</summary>
    public static int DataKeyBytes(this FieldBinder bind, string name, HuaweiError error) =>
        bind.Number(name, 1, MostDataKeyBytes, error);

    /// <summary>The digits of the largest envelope of a data key.</summary>
    public static byte[] DataKeyCiphertext(this FieldBinder bind) => bind.Hex(
        "cipher_text", Envelope.Overhead + 1, Envelope.Overhead + MostDataKeyBytes, HuaweiErrors.CiphertextInvalid);
}
