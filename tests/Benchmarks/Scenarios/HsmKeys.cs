using System.Text;
using KmsActors.Benchmarks.Libraries;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;
using KmsActors.Hsa;
using KmsActors.Hsa.Pkcs11;
using KmsActors.Testing.SoftHsm;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// Encrypt with an AES key in a token of SoftHSM2, without HTTP, beside the calls of the library that it comes down to,
/// and beside a key in software.
/// </summary>
internal static class HsmKeys
{
    private const int PlaintextBytes = 1024;
    private const int Clients = 16;

    private static readonly KeyBinding Binding = new(
        "1000000000000001", "0f0e0d0c-0b0a-4908-8706-050403020100", "a0a1a2a3-a4a5-46a7-88a9-aaabacadaeaf", KeyType.Aes256);

    public static async Task RunAsync(Lab lab)
    {
        using var softHsm = new SoftHsmToken();
        var token = Token.Open(
            new TokenOptions { Library = softHsm.Library, Label = softHsm.Label },
            Encoding.UTF8.GetBytes(SoftHsmToken.Pin),
            TimeProvider.System,
            NullLogger.Instance);
        token.MakeRootKey(1);
        using var hsa = new Pkcs11Hsa(new SoftwareHsa(new byte[32], rsaPairs: 1), token);
        using var inToken = await OpenNewAsync(hsa, KeyProtection.Hsm);
        using var inSoftware = await OpenNewAsync(hsa, KeyProtection.Software);
        var raw = CryptokiCalls.Xaes(softHsm.Library, softHsm.Label, PlaintextBytes);
        var table = new Table("", "ops/s", "bare calls/s", "ratio", "CPU µs", "of bare calls", "in software, ops/s");
        foreach (var threads in new[] { 1, 2 })
        {
            var bare = new LibrarySubject(raw, threads);
            var served = new LibrarySubject(() => Encrypt(inToken), threads);
            var software = new LibrarySubject(() => Encrypt(inSoftware), threads);
            LibrarySubject[] subjects = [bare, served, software];
            foreach (var each in subjects) each.WarmUp(lab.WarmUpSeconds / 2);
            for (var round = 0; round < lab.Rounds; round++)
            {
                foreach (var each in subjects) each.Round(lab.RoundSeconds);
            }

            table.Row(
                $"{threads} thread{(threads == 1 ? "" : "s")}",
                $"{served.Rate:N0}",
                $"{bare.Rate:N0}",
                $"{Statistics.Median(served.Rates.Zip(bare.Rates, (mine, others) => mine / others)):F2}",
                $"{served.Cpu:N1}",
                $"{bare.Cpu:N1}",
                $"{software.Rate:N0}");
        }

        table.Print();
        Console.WriteLine($"   {PlaintextBytes} bytes, one key; ratio required ≥ 0.70");
        await ThroughHttpAsync(lab);
    }

    private static async Task ThroughHttpAsync(Lab lab)
    {
        using var softHsm = new SoftHsmToken();
        var (data, _) = await Stores.OfRootAsync(lab, 1);
        using var server = new ServerProcess(
            data,
            more:
            [
                $"--Kms:Hsm:Library={softHsm.Library}",
                $"--Kms:Hsm:TokenLabel={softHsm.Label}",
                $"--Kms:Hsm:PinFile={softHsm.PinFile}",
            ]);
        using var client = new LoadClient(server.Port, Clients);
        var requests = new AlgorithmRequests(server.Port);
        Subject[] subjects =
        [
            new("in software", server, client, requests.Encrypt("Aliyun_AES_256")),
            new("in the token", server, client, requests.EncryptInModule()),
        ];
        Console.WriteLine($"   through HTTP, {Clients} clients:");
        Subject.Measure(lab, subjects);
        Subject.Print(subjects);
    }

    private static async Task<ISymmetricKey> OpenNewAsync(IHsa hsa, KeyProtection protection)
    {
        var binding = Binding with { Protection = protection };
        return (ISymmetricKey)hsa.OpenKey(binding, await hsa.GenerateKeyAsync(binding, CancellationToken.None));
    }

    private static Action Encrypt(ISymmetricKey key)
    {
        var plaintext = new byte[PlaintextBytes];
        var envelope = new byte[PlaintextBytes + Envelope.Overhead];
        return () => key.Encrypt(plaintext, [], PlaintextForm.Bytes, envelope);
    }
}
