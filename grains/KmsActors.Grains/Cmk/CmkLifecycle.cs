using static KmsActors.Grains.KeyCommand;
using static KmsActors.Grains.RefusalCode;

namespace KmsActors.Grains;

/// <summary>The state of a CMK (seed 001, section 2).</summary>
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
    /// <summary>Encrypt, Decrypt, GenerateDataKey, ReEncrypt: whatever needs the material.</summary>
    Use,
    Enable,
    Disable,
    ScheduleDeletion,
    CancelDeletion,

    /// <summary>CreateAlias with this key as the target.</summary>
    CreateAlias,

    /// <summary>UpdateAlias with this key as the target; the key it leaves has no say.</summary>
    UpdateAlias,

    /// <summary>DescribeKey, ListAliasesByKeyId, ListResourceTags.</summary>
    Read,

    /// <summary>TagResource, UntagResource, UpdateKeyDescription.</summary>
    Annotate,
    GetImportParameters,
    ImportMaterial,
    DeleteMaterial,
}

/// <summary>
/// The state tables of seed 001, section 2, and of the later documents for the calls it does not have
/// (dialects: "Result by state"). This is the only place that says what a state forbids.
/// </summary>
public static class CmkLifecycle
{
    private static RefusalCode? Success => null;

    //                             Enabled            Disabled           PendingDeletion     PendingImport
    private static readonly Dictionary<KeyCommand, RefusalCode?[]> Table = new()
    {
        [Use] =                  [ Success,           KeyDisabled,       KeyPendingDeletion, KeyPendingImport ],
        [Enable] =               [ Success,           Success,           StateModifyFailed,  StateModifyFailed ],
        [Disable] =              [ Success,           Success,           StateModifyFailed,  StateModifyFailed ],
        [ScheduleDeletion] =     [ Success,           Success,           StateModifyFailed,  Success ],
        [CancelDeletion] =       [ StateModifyFailed, StateModifyFailed, Success,            StateModifyFailed ],
        [CreateAlias] =          [ Success,           Success,           StateModifyFailed,  Success ],
        [UpdateAlias] =          [ Success,           Success,           KeyPendingDeletion, Success ],
        [Read] =                 [ Success,           Success,           Success,            Success ],
        [Annotate] =             [ Success,           Success,           KeyPendingDeletion, Success ],
        [GetImportParameters] =  [ Success,           Success,           Success,            Success ],
        [ImportMaterial] =       [ Success,           Success,           StateModifyFailed,  Success ],
        [DeleteMaterial] =       [ Success,           Success,           Success,            Success ],
    };

    /// <summary>Why a key in <paramref name="state"/> refuses <paramref name="command"/>, or null.</summary>
    public static RefusalCode? Forbids(KeyCommand command, KeyState state) => Table[command][(int)state];
}
