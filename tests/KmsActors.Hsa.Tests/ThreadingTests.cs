using System.Diagnostics;

namespace KmsActors.Hsa.Tests;

/// <summary>
/// A shared AES-GCM object answers wrongly, and mostly in silence, when two threads use it; these tests run
/// long enough to meet it thousands of times, were there one.
/// </summary>
public sealed class ThreadingTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PairDuration = TimeSpan.FromSeconds(0.25);
    private static readonly int Threads = Math.Max(4, 2 * Environment.ProcessorCount);

    // Two keys: what threads shared of a cipher, but for its key, would not show with one.
    [Theory]
    [InlineData(KeyType.Aes256)]
    [InlineData(KeyType.Sm4)]
    public void EncryptAndTryDecrypt_ManyThreadsTwoHandles_EveryCiphertextDecrypts(KeyType type)
    {
        using ISymmetricKey one = Fixtures.OpenNewKey(type);
        using ISymmetricKey other = Fixtures.OpenNewKey(type);
        int wrong = 0;
        int done = 0;
        Fixtures.OnThreads(Threads, thread =>
        {
            ISymmetricKey key = thread % 2 == 0 ? one : other;
            byte[] plaintext = Fixtures.Filled(64 + thread, (byte)thread);
            byte[] context = Fixtures.Filled(thread, 1);
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                byte[] envelope = Fixtures.Encrypt(key, plaintext, context);
                if (!Fixtures.TryDecrypt(key, envelope, context, out byte[] decrypted)
                    || !decrypted.AsSpan().SequenceEqual(plaintext))
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref done);
            }
        });
        Assert.Equal(0, wrong);
        Assert.True(done > 1000, $"only {done}");
    }

    [Theory]
    [MemberData(nameof(KeyPairTests.Encryptions), MemberType = typeof(KeyPairTests))]
    public void EncryptAndTryDecrypt_ManyThreadsOnePair_EveryCiphertextDecrypts(
        KeyType type, EncryptionAlgorithm algorithm, int most)
    {
        using IKeyPair pair = Fixtures.OpenPair(type);
        int wrong = 0;
        Fixtures.OnThreads(Threads, thread =>
        {
            byte[] plaintext = Fixtures.Filled(Math.Min(most, 30 + thread), (byte)thread);
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < PairDuration)
            {
                byte[] ciphertext = pair.Encrypt(algorithm, plaintext);
                byte[]? decrypted = Fixtures.TryDecrypt(pair, algorithm, ciphertext);
                if (decrypted is null || !decrypted.AsSpan().SequenceEqual(plaintext))
                    Interlocked.Increment(ref wrong);
            }
        });
        Assert.Equal(0, wrong);
    }

    // Signatures are verified by the same handle, among other threads' signing, and by another.
    [Theory]
    [MemberData(nameof(KeyPairTests.Signatures), MemberType = typeof(KeyPairTests))]
    public void SignAndVerify_ManyThreadsOnePair_EverySignatureIsGoodForItsDigestAlone(
        KeyType type, SignatureAlgorithm algorithm)
    {
        using IKeyPair pair = Fixtures.OpenPair(type);
        IKeyPair reference = Fixtures.Pair(type);
        int wrong = 0;
        Fixtures.OnThreads(Threads, thread =>
        {
            byte[] digest = Fixtures.Filled(32, (byte)thread);
            byte[] other = Fixtures.Filled(32, (byte)(thread + 1));
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < PairDuration)
            {
                byte[] signature = pair.Sign(algorithm, digest);
                if (!pair.Verify(algorithm, digest, signature)
                    || !reference.Verify(algorithm, digest, signature)
                    || pair.Verify(algorithm, other, signature))
                    Interlocked.Increment(ref wrong);
            }
        });
        Assert.Equal(0, wrong);
    }

    [Theory]
    [MemberData(nameof(KeyPairTests.Signatures), MemberType = typeof(KeyPairTests))]
    public void Dispose_WhileManyThreadsSign_CallsFinishRightOrAreRefused(
        KeyType type, SignatureAlgorithm algorithm)
    {
        IKeyPair reference = Fixtures.Pair(type);
        for (int round = 0; round < 5; round++)
        {
            IKeyPair pair = Fixtures.OpenPair(type);
            int wrong = 0;
            int refused = 0;
            Fixtures.OnThreads(Threads, thread =>
            {
                byte[] digest = Fixtures.Filled(32, (byte)thread);
                if (thread == 0)
                {
                    Thread.SpinWait(20_000 * (round + 1));
                    pair.Dispose();
                }

                try
                {
                    while (true)
                    {
                        if (!reference.Verify(algorithm, digest, pair.Sign(algorithm, digest)))
                            Interlocked.Increment(ref wrong);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            });
            Assert.Equal(0, wrong);
            Assert.Equal(Threads, refused);
        }
    }

    [Theory]
    [InlineData(KeyType.Aes256)]
    [InlineData(KeyType.Sm4)]
    public void Dispose_WhileManyThreadsEncrypt_CallsFinishRightOrAreRefused(KeyType type)
    {
        KeyBinding binding = Fixtures.BindingOf(type);
        for (int round = 0; round < 50; round++)
        {
            byte[] material = Fixtures.Filled(type.MaterialSize(), (byte)round);
            using SymmetricKey reference = new(binding, material);
            SymmetricKey key = new(binding, material);
            int wrong = 0;
            int refused = 0;
            Fixtures.OnThreads(Threads, thread =>
            {
                if (thread == 0)
                {
                    Thread.SpinWait(20_000);
                    key.Dispose();
                }

                try
                {
                    while (true)
                    {
                        byte[] envelope = Fixtures.Encrypt(key, [1, 2, 3]);
                        if (!Fixtures.TryDecrypt(reference, envelope, null, out _))
                            Interlocked.Increment(ref wrong);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            });
            Assert.Equal(0, wrong);
            Assert.Equal(Threads, refused);
        }
    }
}
