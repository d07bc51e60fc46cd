using static KmsActors.Grains.KeyCommand;
using static KmsActors.Grains.RefusalCode;

namespace KmsActors.Grains;

/// <summary>
/// The state of a CMK (seed 001, section 2). The names and the numbers are stored; never reuse one.
/// </summary>
public enum KeyState
{
    /// <summary>May be used.</summary>
    Enabled,

    /// <summary>May not be used until it is enabled.</summary>
    Disabled,

    /// <summary>Will be deleted at its deletion date.</summary>
    PendingDeletion,

    /// <summary>Has no material; only of keys with origin EXTERNAL.</summary>
    PendingImport,
}

/// <summary>What can be asked of a CMK, as far as its state decides the answer.</summary>
public enum KeyCommand
{
    /// <summary>Encrypt, Decrypt, GenerateDataKey, ReEncrypt: with a symmetric key.</summary>
    EncryptDecrypt,

    /// <summary>AsymmetricEncrypt, AsymmetricDecrypt.</summary>
    AsymmetricEncryptDecrypt,

    /// <summary>AsymmetricSign, AsymmetricVerify.</summary>
    SignVerify,
    GetPublicKey,

    /// <summary>CreateKeyVersion.</summary>
    CreateVersion,

    /// <summary>UpdateRotationPolicy.</summary>
    UpdateRotation,
    Enable,
    Disable,
    ScheduleDeletion,
    CancelDeletion,

    /// <summary>Another alias for this key.</summary>
    CreateAlias,

    /// <summary>
    /// An alias moved to this key, or its own name changed; the key that an alias leaves has no say.
    /// </summary>
    UpdateAlias,

    /// <summary>
    /// DescribeKey, DescribeKeyVersion, ListKeyVersions, ListAliasesByKeyId, ListResourceTags.
    /// </summary>
    Read,

    /// <summary>TagResource, UntagResource, UpdateKeyDescription.</summary>
    Annotate,
    GetImportParameters,
    ImportMaterial,
    DeleteMaterial,
}

/// <summary>
/// What a key's state forbids, as each vendor's documents have it; the only place that says so. A key has one
/// life whatever protocol speaks to it: they differ in what they refuse, not in what happens.
/// </summary>
public sealed class CmkLifecycle
{
    private readonly Dictionary<KeyCommand, RefusalCode?[]> _table;

    private CmkLifecycle(Dictionary<KeyCommand, RefusalCode?[]> table) => _table = table;

    /// <summary>
    /// Seed 001, section 2, and the later documents for the calls it does not have (dialects: "Result by
    /// state"). None says what a state means for the asymmetric calls: as for the symmetric ones.
    /// </summary>
    public static CmkLifecycle Aliyun { get; } = new(new()
    {
        //                            Enabled           Disabled            PendingDeletion       PendingImport
        [EncryptDecrypt]           = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [AsymmetricEncryptDecrypt] = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [SignVerify]               = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [GetPublicKey]             = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [CreateVersion]            = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [UpdateRotation]           = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [Enable]                   = [Success,          Success,            StateModifyFailed,    StateModifyFailed],
        [Disable]                  = [Success,          Success,            StateModifyFailed,    StateModifyFailed],
        [ScheduleDeletion]         = [Success,          Success,            StateModifyFailed,    Success],
        [CancelDeletion]           = [StateModifyFailed, StateModifyFailed, Success,              StateModifyFailed],
        [CreateAlias]              = [Success,          Success,            StateModifyFailed,    Success],
        [UpdateAlias]              = [Success,          Success,            KeyPendingDeletion,   Success],
        [Read]                     = [Success,          Success,            Success,              Success],
        [Annotate]                 = [Success,          Success,            KeyPendingDeletion,   Success],
        [GetImportParameters]      = [Success,          Success,            Success,              Success],
        [ImportMaterial]           = [Success,          Success,            StateModifyFailed,    Success],
        [DeleteMaterial]           = [Success,          Success,            Success,              Success],
    });

    /// <summary>
    /// Seed 003, chapter 4 and the codes of appendix A.2 (dialects, section 7). Where they say nothing, a key
    /// that waits for its deletion cannot be used.
    /// </summary>
    public static CmkLifecycle Huawei { get; } = new(new()
    {
        //                            Enabled           Disabled            PendingDeletion       PendingImport
        [EncryptDecrypt]           = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [AsymmetricEncryptDecrypt] = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [SignVerify]               = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [GetPublicKey]             = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [CreateVersion]            = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [UpdateRotation]           = [Success,          KeyDisabled,        KeyPendingDeletion,   KeyPendingImport],
        [Enable]                   = [KeyNotDisabled,   Success,            KeyNotDisabled,       KeyNotDisabled],
        [Disable]                  = [Success,          KeyNotEnabled,      KeyNotEnabled,        KeyNotEnabled],
        [ScheduleDeletion]         = [Success,          Success,            AlreadyPendingDeletion, Success],
        [CancelDeletion]           = [NotPendingDeletion, NotPendingDeletion, Success,            NotPendingDeletion],
        [CreateAlias]              = [Success,          Success,            KeyPendingDeletion,   Success],
        [UpdateAlias]              = [Success,          Success,            KeyPendingDeletion,   Success],
        [Read]                     = [Success,          Success,            Success,              Success],
        [Annotate]                 = [Success,          Success,            KeyPendingDeletion,   Success],
        [GetImportParameters]      = [Success,          Success,            KeyPendingDeletion,   Success],
        [ImportMaterial]           = [NotPendingImport, NotPendingImport,   NotPendingImport,     Success],
        [DeleteMaterial]           = [Success,          Success,            MaterialNotDeletable, MaterialNotDeletable],
    });

    /// <summary>
    /// Seed 002 knows two states and does not say what they forbid; the clients schedule deletions all the same
    /// (dialects, section 4). A key that waits is neither enabled nor disabled, whatever it waits for, and the answer
    /// says for what; in all else it is as <see cref="Huawei"/> has it.
    /// </summary>
    public static CmkLifecycle Tencent { get; } = new(new(Huawei._table)
    {
        //                            Enabled           Disabled            PendingDeletion       PendingImport
        [Enable]                   = [Success,          Success,            KeyPendingDeletion,   KeyPendingImport],
        [Disable]                  = [Success,          Success,            KeyPendingDeletion,   KeyPendingImport],
    });

    private static RefusalCode? Success => null;

    /// <summary>Why a key in <paramref name="state"/> refuses <paramref name="command"/>, or null.</summary>
    public RefusalCode? Forbids(KeyCommand command, KeyState state) => _table[command][(int)state];

    /// <summary>Why a key of this origin, kind and usage refuses <paramref name="command"/>, or null.</summary>
    public static RefusalCode? Forbids(KeyCommand command, CmkState key) => command switch
    {
        Disable or ScheduleDeletion or CreateAlias or UpdateAlias or Annotate or UpdateRotation when key.IsDefault =>
            DefaultKeyProtected,
        GetImportParameters or ImportMaterial or DeleteMaterial =>
            key.Origin == KeyOrigin.External ? Success : OriginNotAllowed,
        EncryptDecrypt => key.Spec.IsSymmetric() ? Success : UsageNotAllowed,
        AsymmetricEncryptDecrypt =>
            !key.Spec.IsSymmetric() && key.Usage == KeyUsage.EncryptDecrypt ? Success : UsageNotAllowed,
        SignVerify => key.Usage == KeyUsage.SignVerify ? Success : UsageNotAllowed,
        GetPublicKey => key.Spec.IsSymmetric() ? UsageNotAllowed : Success,
        CreateVersion => key.Spec.IsSymmetric() ? RotationNotSupported : Success,
        UpdateRotation when !key.Spec.IsSymmetric() => RotationNotSupported,
        UpdateRotation => key.Origin == KeyOrigin.External ? OriginNotAllowed : Success,
        _ => Success,
    };
}

/// <summary>What decides, beside a key's own state, whether it may be used.</summary>
/// <param name="Lifecycle">By whose tables its state forbids.</param>
/// <param name="Rights">What the caller may do.</param>
public readonly record struct KeyRules(CmkLifecycle Lifecycle, Rights Rights);
