using System.Formats.Asn1;
using System.Text;
using KmsActors.Hsa.ShangMi;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X9;

namespace KmsActors.Hsa.Tests;

/// <summary>SM2 keys and messages for the tests, in the forms of the other implementations.</summary>
internal static class Sm2
{
    /// <summary>The default user id, GB/T 32918.2-2016 and everybody since.</summary>
    public const string UserId = "1234567812345678";

    /// <summary>The options that make openssl sign SM3 over Z and the message.</summary>
    public static readonly string[] OpenSslOptions =
        ["-rawin", "-digest", "sm3", "-pkeyopt", $"distid:{UserId}"];

    private const string CurveOid = "1.2.156.10197.1.301";
    private static readonly X9ECParameters Curve = GMNamedCurves.GetByOid(GMObjectIdentifiers.sm2p256v1);
    private static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);

    /// <summary>The pair of the examples of GB/T 32918.5-2017.</summary>
    public static byte[] StandardsPair => Convert.FromHexString(
        "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
        + "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        + "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");

    /// <summary>The number that those examples use once.</summary>
    public static byte[] StandardsOnce => Convert.FromHexString(
        "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");

    public static byte[] NewPair()
    {
        byte[] pair = new byte[Sm2Key.PairSize];
        Sm2Key.Generate(pair);
        return pair;
    }

    public static byte[] PublicInfo(byte[] pair) => Sm2Key.WriteInfo(pair.AsSpan(32));

    /// <summary>PKCS#8, for openssl.</summary>
    public static byte[] PrivateInfo(byte[] pair)
    {
        AsnWriter key = new(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(1);
            key.WriteOctetString(pair.AsSpan(0, 32));
            using (key.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                key.WriteBitString([4, .. pair[32..]]);
        }

        AsnWriter info = new(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            info.WriteInteger(0);
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier("1.2.840.10045.2.1");
                info.WriteObjectIdentifier(CurveOid);
            }

            info.WriteOctetString(key.Encode());
        }

        return info.Encode();
    }

    public static ECPrivateKeyParameters BouncyPrivate(byte[] pair) =>
        new(new Org.BouncyCastle.Math.BigInteger(1, pair, 0, 32), Domain);

    public static ECPublicKeyParameters BouncyPublic(byte[] pair) =>
        new(Curve.Curve.DecodePoint([4, .. pair[32..]]), Domain);

    /// <summary>SM3 over Z and the message, GB/T 32918.2-2016, 5.5.</summary>
    public static byte[] Digest(byte[] pair, byte[] message)
    {
        byte[] id = Encoding.ASCII.GetBytes(UserId);
        byte[] curve = Convert.FromHexString(
            "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
            + "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
            + "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
            + "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0");
        byte[] digest = new byte[32];
        Sm3.Hash([0, (byte)(id.Length * 8), .. id, .. curve, .. pair[32..]], digest);
        Sm3.Hash([.. digest, .. message], digest);
        return digest;
    }

    /// <summary>GM/T 0009-2012, 7.2: what openssl encrypts to, of 04, C1, C3 and C2.</summary>
    public static byte[] ToAsn1(byte[] ciphertext)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(ciphertext.AsSpan(1, 32).TrimStart((byte)0));
            writer.WriteIntegerUnsigned(ciphertext.AsSpan(33, 32).TrimStart((byte)0));
            writer.WriteOctetString(ciphertext.AsSpan(65, 32));
            writer.WriteOctetString(ciphertext.AsSpan(97));
        }

        return writer.Encode();
    }

    public static byte[] FromAsn1(byte[] ciphertext)
    {
        AsnReader reader = new AsnReader(ciphertext, AsnEncodingRules.DER).ReadSequence();
        byte[] x = reader.ReadInteger().ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] y = reader.ReadInteger().ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] hash = reader.ReadOctetString();
        return [4, .. new byte[32 - x.Length], .. x, .. new byte[32 - y.Length], .. y, .. hash, .. reader.ReadOctetString()];
    }
}
