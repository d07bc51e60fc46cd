using System.Runtime.InteropServices;
using System.Text;

namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>
/// A Cryptoki library, PKCS#11 2.40: the calls that are not about a session. Once loaded it stays in the process, as
/// not all libraries survive being taken out.
/// </summary>
/// <threadsafety>
/// All members may be called from any thread at once, but <see cref="Finish"/> only when no other call is under way.
/// </threadsafety>
internal sealed unsafe class Module
{
    private const int MostSlots = 256;
    private const nuint SerialSession = 4;
    private const nuint ReadWriteSession = 2;

    // CK_FUNCTION_LIST: a version, padded to a pointer's length, then pointers in the order of the standard.
    private readonly nint* _functions;

    private Module(nint* functions) => _functions = functions;

    /// <summary>Loads a library by its path.</summary>
    /// <exception cref="CryptokiException">It cannot be loaded, or is no Cryptoki library.</exception>
    public static Module Load(string path)
    {
        if (!NativeLibrary.TryLoad(path, out nint library))
            throw new CryptokiException($"The library {path} cannot be loaded.");
        if (!NativeLibrary.TryGetExport(library, "C_GetFunctionList", out nint getFunctionList))
            throw new CryptokiException($"{path} is no Cryptoki library: it has no C_GetFunctionList.");
        nint* list = null;
        Check(((delegate* unmanaged[Cdecl]<nint**, nuint>)getFunctionList)(&list), "C_GetFunctionList");
        return new Module(list + 1);
    }

    /// <summary>C_Initialize, for many threads.</summary>
    /// <exception cref="CryptokiException">Refused: also when another part of this process has the library.</exception>
    public void Initialize()
    {
        CkInitializeArguments arguments = new() { Flags = CkInitializeArguments.OsLocking };
        Check(
            ((delegate* unmanaged[Cdecl]<CkInitializeArguments*, nuint>)this[Function.Initialize])(&arguments),
            "C_Initialize");
    }

    /// <summary>C_Finalize: all sessions and their objects end. What it answers makes no difference.</summary>
    public void Finish() =>
        _ = ((delegate* unmanaged[Cdecl]<void*, nuint>)this[Function.Finish])(null);

    /// <summary>The slots that have a token of this label.</summary>
    public List<nuint> SlotsOf(string label)
    {
        nuint* slots = stackalloc nuint[MostSlots];
        nuint count = MostSlots;
        Check(
            ((delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)this[Function.GetSlotList])(1, slots, &count),
            "C_GetSlotList");
        List<nuint> found = [];
        for (nuint i = 0; i < count; i++)
        {
            if (LabelOf(slots[i]) == label)
                found.Add(slots[i]);
        }

        return found;
    }

    /// <summary>The mechanisms of a slot's token.</summary>
    public HashSet<MechanismType> MechanismsOf(nuint slot)
    {
        delegate* unmanaged[Cdecl]<nuint, nuint*, nuint*, nuint> get =
            (delegate* unmanaged[Cdecl]<nuint, nuint*, nuint*, nuint>)this[Function.GetMechanismList];
        nuint count = 0;
        Check(get(slot, null, &count), "C_GetMechanismList");
        nuint[] mechanisms = new nuint[count];
        fixed (nuint* list = mechanisms)
            Check(get(slot, list, &count), "C_GetMechanismList");
        return [.. mechanisms.Take((int)count).Where(m => m <= uint.MaxValue).Select(m => (MechanismType)m)];
    }

    /// <summary>C_OpenSession, for reading and writing.</summary>
    public nuint OpenSession(nuint slot)
    {
        nuint session;
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)this[Function.OpenSession])(
                slot, SerialSession | ReadWriteSession, null, null, &session),
            "C_OpenSession");
        return session;
    }

    /// <summary>The address of a function.</summary>
    internal nint this[Function function] => _functions[(int)function];

    // The token may have gone since its slot was listed.
    private string? LabelOf(nuint slot)
    {
        CkTokenInfo info;
        ReturnValue answer = (ReturnValue)
            ((delegate* unmanaged[Cdecl]<nuint, CkTokenInfo*, nuint>)this[Function.GetTokenInfo])(slot, &info);
        return answer == ReturnValue.CKR_OK
            ? Encoding.UTF8.GetString(info.Label, CkTokenInfo.LabelSize).TrimEnd(' ')
            : null;
    }

    private static void Check(nuint answer, string function)
    {
        if ((ReturnValue)answer != ReturnValue.CKR_OK)
            throw new CryptokiException(function, (ReturnValue)answer);
    }
}

/// <summary>The functions that are used, by their places in CK_FUNCTION_LIST, counted from C_Initialize.</summary>
internal enum Function
{
    Initialize = 0,
    Finish = 1,
    GetSlotList = 4,
    GetTokenInfo = 6,
    GetMechanismList = 7,
    OpenSession = 12,
    GetSessionInfo = 15,
    Login = 18,
    CreateObject = 20,
    DestroyObject = 22,
    GetAttributeValue = 24,
    FindObjectsInit = 26,
    FindObjects = 27,
    FindObjectsFinal = 28,
    EncryptInit = 29,
    Encrypt = 30,
    DecryptInit = 33,
    Decrypt = 34,
    SignInit = 42,
    Sign = 43,
    GenerateKey = 58,
    GenerateKeyPair = 59,
    WrapKey = 60,
    UnwrapKey = 61,
    DeriveKey = 62,
}
