using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>
/// The time from a login to the loss of the token or the end of the process, whichever is sooner. Sessions and
/// handles of objects are good within one life only.
/// </summary>
internal sealed class TokenLife
{
    private volatile string? _loss;

    /// <summary>What showed that the token is lost; null while it is not.</summary>
    public string? Loss => _loss;

    /// <summary>Ends it; the first reason stays.</summary>
    public void End(string reason) => Interlocked.CompareExchange(ref _loss, reason, null);
}

/// <summary>
/// A session with a token, for one thread at a time. An answer that means that the token is lost ends its
/// <see cref="Life"/> and is thrown as <see cref="HsaUnavailableException"/>; others are
/// <see cref="CryptokiException"/>s. An operation never outlasts a call.
/// </summary>
internal sealed unsafe partial class Session(Module module, nuint handle, TokenLife life)
{
    /// <summary>The life that it belongs to, with all objects.</summary>
    public TokenLife Life => life;

    /// <summary>C_Login as the normal user, for all sessions with the token.</summary>
    public void Login(ReadOnlySpan<byte> pin)
    {
        const nuint user = 1;
        fixed (byte* bytes = pin)
        {
            nuint answer = ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)module[Function.Login])(
                handle, user, bytes, (nuint)pin.Length);
            if ((ReturnValue)answer != ReturnValue.CKR_USER_ALREADY_LOGGED_IN)
                Check(answer, "C_Login");
        }
    }

    /// <summary>Throws if the token does not know this session any more.</summary>
    public void Probe()
    {
        nuint* info = stackalloc nuint[4];
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint>)module[Function.GetSessionInfo])(handle, info),
            "C_GetSessionInfo");
    }

    /// <summary>The objects that have these attributes, so many at most.</summary>
    public nuint[] FindObjects(Template template, int most)
    {
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, CkAttribute*, nuint, nuint>)module[Function.FindObjectsInit])(
                handle, template.Attributes, template.Count),
            "C_FindObjectsInit");
        nuint[] found = new nuint[most];
        nuint count = 0;
        nuint answer;
        fixed (nuint* objects = found)
        {
            answer = ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)module[Function.FindObjects])(
                handle, objects, (nuint)most, &count);
        }

        nuint ended = ((delegate* unmanaged[Cdecl]<nuint, nuint>)module[Function.FindObjectsFinal])(handle);
        GC.KeepAlive(template);
        Check(answer, "C_FindObjects");
        Check(ended, "C_FindObjectsFinal");
        return found[..(int)count];
    }

    /// <summary>An attribute of an object.</summary>
    public byte[] GetAttribute(nuint found, AttributeType type)
    {
        delegate* unmanaged[Cdecl]<nuint, nuint, CkAttribute*, nuint, nuint> get =
            (delegate* unmanaged[Cdecl]<nuint, nuint, CkAttribute*, nuint, nuint>)module[Function.GetAttributeValue];
        CkAttribute attribute = new() { Type = (nuint)type };
        Check(get(handle, found, &attribute, 1), "C_GetAttributeValue");
        byte[] value = new byte[attribute.Length];
        fixed (byte* bytes = value)
        {
            attribute.Value = bytes;
            Check(get(handle, found, &attribute, 1), "C_GetAttributeValue");
        }

        return value;
    }

    /// <summary>Lets a secret key in from outside.</summary>
    public nuint CreateKey(Template template, ReadOnlySpan<byte> value)
    {
        int count = (int)template.Count;
        CkAttribute* attributes = stackalloc CkAttribute[count + 1];
        new ReadOnlySpan<CkAttribute>(template.Attributes, count).CopyTo(new Span<CkAttribute>(attributes, count));
        nuint made;
        fixed (byte* bytes = value)
        {
            attributes[count] =
                new CkAttribute { Type = (nuint)AttributeType.Value, Value = bytes, Length = (nuint)value.Length };
            Check(
                ((delegate* unmanaged[Cdecl]<nuint, CkAttribute*, nuint, nuint*, nuint>)module[Function.CreateObject])(
                    handle, attributes, (nuint)(count + 1), &made),
                "C_CreateObject");
        }

        GC.KeepAlive(template);
        return made;
    }

    /// <summary>C_DestroyObject.</summary>
    public void Destroy(nuint made) =>
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)module[Function.DestroyObject])(handle, made),
            "C_DestroyObject");

    /// <summary>
    /// Destroys a session's object after its use, whatever that came to: what the token says to it must not hide that.
    /// A token that is lost has none any more.
    /// </summary>
    public void Discard(nuint made)
    {
        nuint answer = ((delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)module[Function.DestroyObject])(handle, made);
        if (((ReturnValue)answer).MeansLoss())
            life.End(Describe("C_DestroyObject", (ReturnValue)answer));
    }

    private static string Describe(string function, ReturnValue value) =>
        $"{function} answered {CryptokiException.NameOf(value)}";

    // Not null even for nothing, which some libraries take for a question of how long the answer will be.
    private static ref readonly byte Start(ReadOnlySpan<byte> bytes) =>
        ref bytes.IsEmpty ? ref Nothing[0] : ref MemoryMarshal.GetReference(bytes);

    private static ReadOnlySpan<byte> Nothing => [0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(nuint answer, string function)
    {
        if ((ReturnValue)answer != ReturnValue.CKR_OK)
            Throw(function, (ReturnValue)answer);
    }

    private void Throw(string function, ReturnValue value)
    {
        string description = Describe(function, value);
        if (value.MeansLoss())
        {
            life.End(description);
            throw new HsaUnavailableException($"The token is lost: {description}.");
        }

        throw value.MeansFull()
            ? new HsaUnavailableException($"The token has no room: {description}.")
            : new CryptokiException(function, value);
    }
}
