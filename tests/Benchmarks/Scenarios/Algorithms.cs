using System.Security.Cryptography;
using KmsActors.Benchmarks.Libraries;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// Every algorithm through the server beside the call of the library that it comes down to. The library has
/// all cores to itself where the server shares them with the load client; CPU time is free of that, and its
/// share is what of a request the algorithm is.
/// </summary>
internal static class Algorithms
{
    private const int Clients = 16;
    private const int PlaintextBytes = 1024;

    public static async Task RunAsync(Lab lab)
    {
        var (data, _) = await Stores.OfRootAsync(lab, 1);
        using var server = new ServerProcess(data);
        using var client = new LoadClient(server.Port, Clients);
        using var dotNet = new DotNetCalls();
        var table = new Table(
            "", "library", "ops/s", "library's", "ratio", "server CPU µs", "library's", "share");
        foreach (var each in All(new AlgorithmRequests(server.Port), dotNet))
        {
            var served = new Subject(each.Name, server, client, each.Request);
            var library = new LibrarySubject(each.LibraryCall);
            Measure(lab, served, library);
            var ratios = served.Rates.Zip(library.Rates, (mine, others) => mine / others);
            table.Row(
                each.Name,
                each.Library,
                $"{served.Rate:N0}",
                $"{library.Rate:N0}",
                $"{Statistics.Median(ratios):F2}",
                $"{served.Cpu:N1}",
                $"{library.Cpu:N1}",
                $"{library.Cpu / served.Cpu:F2}");
        }

        table.Print();
        Console.WriteLine(
            $"   {Clients} clients, {Environment.ProcessorCount} threads of the library; for information");
    }

    // A few seconds each: there are many, and each is compared with its own library alone.
    private static void Measure(Lab lab, Subject served, LibrarySubject library)
    {
        served.WarmUp(lab.WarmUpSeconds / 2);
        library.WarmUp(lab.WarmUpSeconds / 2);
        for (var round = 0; round < lab.Rounds / 3; round++)
        {
            served.Round(lab.RoundSeconds);
            library.Round(lab.RoundSeconds);
        }
    }

    private static IEnumerable<Algorithm> All(AlgorithmRequests requests, DotNetCalls dotNet) =>
    [
        new("AES-256 Encrypt 1 KiB", ".NET", requests.Encrypt("Aliyun_AES_256"), dotNet.AesGcm(PlaintextBytes)),
        .. OfRsa("RSA_2048", 2048, requests, dotNet),
        .. OfRsa("RSA_3072", 3072, requests, dotNet),
        .. OfCurve("EC_P256", ECCurve.NamedCurves.nistP256, requests, dotNet),
        .. OfCurve("EC_P256K", ECCurve.CreateFromFriendlyName("secp256k1"), requests, dotNet),
        new("GetPublicKey of RSA_2048", ".NET", requests.GetPublicKey("RSA_2048"), dotNet.RsaPublicKey(2048)),
        .. OfShangMi(requests),
    ];

    private static IEnumerable<Algorithm> OfRsa(
        string spec, int bits, AlgorithmRequests requests, DotNetCalls dotNet)
    {
        const string pss = "RSA_PSS_SHA_256";
        const string pkcs1 = "RSA_PKCS1_SHA_256";
        const string oaep = "RSAES_OAEP_SHA_256";
        return
        [
            new($"{spec} sign PSS", ".NET",
                requests.Sign(spec, pss), dotNet.RsaSign(bits, RSASignaturePadding.Pss)),
            new($"{spec} sign PKCS1", ".NET",
                requests.Sign(spec, pkcs1), dotNet.RsaSign(bits, RSASignaturePadding.Pkcs1)),
            new($"{spec} verify PSS", ".NET",
                requests.Verify(spec, pss), dotNet.RsaVerify(bits, RSASignaturePadding.Pss)),
            new($"{spec} decrypt OAEP", ".NET",
                requests.Decrypt(spec, oaep), dotNet.RsaDecrypt(bits, RSAEncryptionPadding.OaepSHA256)),
        ];
    }

    private static IEnumerable<Algorithm> OfCurve(
        string spec, ECCurve curve, AlgorithmRequests requests, DotNetCalls dotNet) =>
    [
        new($"{spec} sign", ".NET", requests.Sign(spec, "ECDSA_SHA_256"), dotNet.EcdsaSign(curve)),
        new($"{spec} verify", ".NET", requests.Verify(spec, "ECDSA_SHA_256"), dotNet.EcdsaVerify(curve)),
    ];

    private static IEnumerable<Algorithm> OfShangMi(AlgorithmRequests requests)
    {
        const string by = "BouncyCastle";
        const string spec = "EC_SM2";
        return
        [
            new("SM4 Encrypt 1 KiB", by,
                requests.Encrypt("Aliyun_SM4"), BouncyCastleCalls.Sm4Gcm(PlaintextBytes)),
            new($"{spec} sign", by, requests.Sign(spec, "SM2DSA"), BouncyCastleCalls.Sm2Sign()),
            new($"{spec} verify", by, requests.Verify(spec, "SM2DSA"), BouncyCastleCalls.Sm2Verify()),
            new($"{spec} encrypt", by, requests.EncryptFor(spec, "SM2PKE"), BouncyCastleCalls.Sm2Encrypt()),
            new($"{spec} decrypt", by, requests.Decrypt(spec, "SM2PKE"), BouncyCastleCalls.Sm2Decrypt()),
        ];
    }

    /// <param name="Name">What is done.</param>
    /// <param name="Library">Whose call it comes down to.</param>
    /// <param name="Request">Has the server do it.</param>
    /// <param name="LibraryCall">Makes the call, for a thread.</param>
    private sealed record Algorithm(
        string Name, string Library, Action<RequestBatch> Request, Func<Action> LibraryCall);
}
