using System.Collections.Concurrent;

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

    public static readonly KeyBinding Binding = new(Account, KeyId, VersionId, KeyType.Aes256);

    public static readonly SoftwareHsa Hsa = new(RootKey(1), rsaPairs: 2);

    /// <summary>Another with the same root key, as after a restart.</summary>
    public static readonly SoftwareHsa Restarted = new(RootKey(1), rsaPairs: 1);

    // RSA pairs take long to make, so that tests share them; which they may, being shared by threads too.
    private static readonly ConcurrentDictionary<(KeyType, int), Lazy<byte[]>> Blobs = new();
    private static readonly ConcurrentDictionary<(KeyType, int), Lazy<IKeyPair>> Pairs = new();

    public static KeyBinding BindingOf(KeyType type) => Binding with { Type = type };

    public static byte[] RootKey(byte fill) => Filled(32, fill);

    public static byte[] Filled(int length, byte fill)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, fill);
        return bytes;
    }

    public static byte[] Generate(KeyBinding binding) =>
        Hsa.GenerateKeyAsync(binding, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>Wrapped material of <see cref="BindingOf"/>, the same for the same number.</summary>
    public static byte[] Blob(KeyType type, int number = 0) =>
        Blobs.GetOrAdd((type, number), _ => new Lazy<byte[]>(() => Generate(BindingOf(type)))).Value;

    /// <summary>A pair, the same for the same number. It is not to be disposed.</summary>
    public static IKeyPair Pair(KeyType type, int number = 0) =>
        Pairs.GetOrAdd((type, number), _ => new Lazy<IKeyPair>(() => OpenPair(type, number))).Value;

    public static IKeyPair OpenPair(KeyType type, int number = 0) =>
        (IKeyPair)Hsa.OpenKey(BindingOf(type), Blob(type, number));

    public static ISymmetricKey OpenNewKey(KeyType type = KeyType.Aes256) =>
        (ISymmetricKey)Hsa.OpenKey(BindingOf(type), Generate(BindingOf(type)));

    public static byte[] Encrypt(
        ISymmetricKey key, byte[] plaintext, byte[]? context = null, PlaintextForm form = PlaintextForm.Bytes)
    {
        byte[] envelope = new byte[plaintext.Length + Envelope.Overhead];
        key.Encrypt(plaintext, context, form, envelope);
        return envelope;
    }

    public static bool TryDecrypt(
        ISymmetricKey key, ReadOnlySpan<byte> envelope, byte[]? context, out byte[] plaintext)
    {
        plaintext = Filled(Math.Max(0, envelope.Length - Envelope.Overhead), 0xEE);
        return key.TryDecrypt(envelope, context, plaintext);
    }

    /// <summary>Decrypted bytes, or null.</summary>
    public static byte[]? TryDecrypt(IKeyPair pair, EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        using SecretBytes? plaintext = pair.TryDecrypt(algorithm, ciphertext);
        return plaintext?.Span.ToArray();
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
