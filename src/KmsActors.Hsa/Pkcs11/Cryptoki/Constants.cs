namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>CKM: the mechanisms that are used.</summary>
internal enum MechanismType : uint
{
    RsaPkcsKeyPairGen = 0x0000,
    RsaPkcs = 0x0001,
    RsaX509 = 0x0003,
    RsaPkcsOaep = 0x0009,
    RsaPkcsPss = 0x000D,
    Sha1 = 0x0220,
    Sha256 = 0x0250,
    EcKeyPairGen = 0x1040,
    Ecdsa = 0x1041,
    AesKeyGen = 0x1080,
    AesEcb = 0x1081,
    AesGcm = 0x1087,
    AesEcbEncryptData = 0x1104,
    AesKeyWrapPad = 0x210A,
}

/// <summary>CKA: the attributes that are used.</summary>
internal enum AttributeType : uint
{
    Class = 0x0000,
    Token = 0x0001,
    Private = 0x0002,
    Label = 0x0003,
    Value = 0x0011,
    KeyType = 0x0100,
    Id = 0x0102,
    Sensitive = 0x0103,
    Encrypt = 0x0104,
    Decrypt = 0x0105,
    Wrap = 0x0106,
    Unwrap = 0x0107,
    Sign = 0x0108,
    SignRecover = 0x0109,
    Verify = 0x010A,
    Derive = 0x010C,
    Modulus = 0x0120,
    ModulusBits = 0x0121,
    PublicExponent = 0x0122,
    ValueLen = 0x0161,
    Extractable = 0x0162,
    Modifiable = 0x0170,
    EcParams = 0x0180,
    EcPoint = 0x0181,
    AllowedMechanisms = 0x40000600,
}

/// <summary>CKO.</summary>
internal enum ObjectClass : uint
{
    PublicKey = 2,
    PrivateKey = 3,
    SecretKey = 4,
}

/// <summary>CKK.</summary>
internal enum TokenKeyType : uint
{
    Rsa = 0x00,
    Ec = 0x03,
    Aes = 0x1F,
}

/// <summary>CKG: the mask generation functions.</summary>
internal enum MaskFunction : uint
{
    Sha1 = 1,
    Sha256 = 2,
}
