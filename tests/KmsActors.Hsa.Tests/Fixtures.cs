namespace KmsActors.Hsa.Tests;

/// <summary>Key bindings, and one appliance for all tests: each makes RSA pairs in the background.</summary>
internal static class Fixtures
{
    public const string Account = "1000000000000001";
    public const string OtherAccount = "1000000000000002";
    public const string KeyId = "0f0e0d0c-0b0a-4908-8706-050403020100";
    public const string OtherKeyId = "0f0e0d0c-0b0a-4908-8706-050403020101";
    public const string VersionId = "a0a1a2a3-a4a5-46a7-88a9-aaabacadaeaf";
    public const string OtherVersionId = "a0a1a2a3-a4a5-46a7-88a9-aaabacadaeb0";

    public static readonly KeyBinding Binding = new(Account, KeyId, VersionId);

    public static readonly SoftwareHsa Hsa = new(RootKey(1), importPairs: 2);

    public static byte[] RootKey(byte fill) => Filled(32, fill);

    public static byte[] Filled(int length, byte fill)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, fill);
        return bytes;
    }

    public static ICmkHandle OpenNewKey() => Hsa.OpenKey(Binding, Hsa.GenerateKey(Binding));

    public static byte[] Encrypt(
        ICmkHandle key, byte[] plaintext, byte[]? context = null, PlaintextForm form = PlaintextForm.Bytes)
    {
        byte[] envelope = new byte[plaintext.Length + Envelope.Overhead];
        key.Encrypt(plaintext, context, form, envelope);
        return envelope;
    }

    public static bool TryDecrypt(
        ICmkHandle key, ReadOnlySpan<byte> envelope, byte[]? context, out byte[] plaintext)
    {
        plaintext = Filled(Math.Max(0, envelope.Length - Envelope.Overhead), 0xEE);
        return key.TryDecrypt(envelope, context, plaintext);
    }

    /// <summary>Runs the action on so many threads, all starting at once; fails if it throws on any.</summary>
    public static void OnThreads(int count, Action<int> action)
    {
        Exception? failure = null;
        using Barrier barrier = new(count);
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(i => new Thread(() =>
            {
                barrier.SignalAndWait();
                try
                {
                    action(i);
                }
                catch (Exception unexpected)
                {
                    failure = unexpected;
                }
            })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Null(failure);
    }
}
