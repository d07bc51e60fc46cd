namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>What a session does with keys.</summary>
internal sealed unsafe partial class Session
{
    // A wrapped RSA-3072 private key takes some 1800 bytes.
    private const int MostWrapped = 4096;

    /// <summary>C_GenerateKey.</summary>
    public nuint GenerateKey(MechanismType type, Template template)
    {
        CkMechanism mechanism = new(type, null, 0);
        nuint made;
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, CkMechanism*, CkAttribute*, nuint, nuint*, nuint>)
                module[Function.GenerateKey])(handle, &mechanism, template.Attributes, template.Count, &made),
            "C_GenerateKey");
        GC.KeepAlive(template);
        return made;
    }

    /// <summary>C_GenerateKeyPair.</summary>
    public (nuint PublicKey, nuint PrivateKey) GenerateKeyPair(
        MechanismType type, Template publicKey, Template privateKey)
    {
        CkMechanism mechanism = new(type, null, 0);
        nuint madePublic;
        nuint madePrivate;
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, CkMechanism*, CkAttribute*, nuint, CkAttribute*, nuint, nuint*, nuint*,
                nuint>)module[Function.GenerateKeyPair])(
                handle,
                &mechanism,
                publicKey.Attributes,
                publicKey.Count,
                privateKey.Attributes,
                privateKey.Count,
                &madePublic,
                &madePrivate),
            "C_GenerateKeyPair");
        GC.KeepAlive(publicKey);
        GC.KeepAlive(privateKey);
        return (madePublic, madePrivate);
    }

    /// <summary>C_WrapKey.</summary>
    public byte[] Wrap(MechanismType type, nuint wrappingKey, nuint key)
    {
        CkMechanism mechanism = new(type, null, 0);
        byte* wrapped = stackalloc byte[MostWrapped];
        nuint length = MostWrapped;
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, CkMechanism*, nuint, nuint, byte*, nuint*, nuint>)
                module[Function.WrapKey])(handle, &mechanism, wrappingKey, key, wrapped, &length),
            "C_WrapKey");
        return new ReadOnlySpan<byte>(wrapped, (int)length).ToArray();
    }

    /// <summary>C_UnwrapKey.</summary>
    public nuint Unwrap(in CkMechanism by, nuint unwrappingKey, ReadOnlySpan<byte> wrapped, Template template)
    {
        nuint made;
        fixed (CkMechanism* mechanism = &by)
        fixed (byte* bytes = &Start(wrapped))
        {
            Check(
                ((delegate* unmanaged[Cdecl]<nuint, CkMechanism*, nuint, byte*, nuint, CkAttribute*, nuint, nuint*,
                    nuint>)module[Function.UnwrapKey])(
                    handle,
                    mechanism,
                    unwrappingKey,
                    bytes,
                    (nuint)wrapped.Length,
                    template.Attributes,
                    template.Count,
                    &made),
                "C_UnwrapKey");
        }

        GC.KeepAlive(template);
        return made;
    }

    /// <summary>C_DeriveKey.</summary>
    public nuint Derive(in CkMechanism by, nuint key, Template template)
    {
        nuint made;
        fixed (CkMechanism* mechanism = &by)
        {
            Check(
                ((delegate* unmanaged[Cdecl]<nuint, CkMechanism*, nuint, CkAttribute*, nuint, nuint*, nuint>)
                    module[Function.DeriveKey])(
                    handle, mechanism, key, template.Attributes, template.Count, &made),
                "C_DeriveKey");
        }

        GC.KeepAlive(template);
        return made;
    }

    /// <summary>C_EncryptInit and C_Encrypt; bytes of the output.</summary>
    public int Encrypt(in CkMechanism by, nuint key, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Begin(Function.EncryptInit, "C_EncryptInit", by, key);
        nuint answer = Run(Function.Encrypt, input, output, out int length);
        Check(answer, "C_Encrypt");
        return length;
    }

    /// <summary>
    /// C_DecryptInit and C_Decrypt; bytes of the output, or null if the input does not decrypt. Some tokens say that by
    /// the words they have for a failure of their own: so then they are asked whether they are well.
    /// </summary>
    public int? TryDecrypt(in CkMechanism by, nuint key, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Begin(Function.DecryptInit, "C_DecryptInit", by, key);
        ReturnValue answer = (ReturnValue)Run(Function.Decrypt, input, output, out int length);
        switch (answer)
        {
            case ReturnValue.CKR_OK:
                return length;
            case ReturnValue.CKR_GENERAL_ERROR or ReturnValue.CKR_FUNCTION_FAILED:
                Probe();
                return null;
            case ReturnValue.CKR_ENCRYPTED_DATA_INVALID or ReturnValue.CKR_ENCRYPTED_DATA_LEN_RANGE
                or ReturnValue.CKR_DATA_INVALID or ReturnValue.CKR_DATA_LEN_RANGE
                or ReturnValue.CKR_ARGUMENTS_BAD or ReturnValue.CKR_SIGNATURE_INVALID:
                return null;
            default:
                Throw("C_Decrypt", answer);
                return null;
        }
    }

    /// <summary>C_SignInit and C_Sign; bytes of the signature.</summary>
    public int Sign(in CkMechanism by, nuint key, ReadOnlySpan<byte> input, Span<byte> signature)
    {
        Begin(Function.SignInit, "C_SignInit", by, key);
        nuint answer = Run(Function.Sign, input, signature, out int length);
        Check(answer, "C_Sign");
        return length;
    }

    private void Begin(Function function, string name, in CkMechanism by, nuint key)
    {
        fixed (CkMechanism* mechanism = &by)
        {
            Check(
                ((delegate* unmanaged[Cdecl]<nuint, CkMechanism*, nuint, nuint>)module[function])(
                    handle, mechanism, key),
                name);
        }
    }

    private nuint Run(Function function, ReadOnlySpan<byte> input, Span<byte> output, out int length)
    {
        nuint written = (nuint)output.Length;
        nuint answer;
        fixed (byte* inputBytes = &Start(input))
        fixed (byte* outputBytes = &Start(output))
        {
            answer = ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)module[function])(
                handle, inputBytes, (nuint)input.Length, outputBytes, &written);
        }

        length = (int)written;
        return answer;
    }
}
