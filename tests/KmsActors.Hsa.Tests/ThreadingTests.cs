using System.Diagnostics;

namespace KmsActors.Hsa.Tests;

/// <summary>
/// A shared AES-GCM object answers wrongly, and mostly in silence, when two threads use it; these tests run
/// long enough to meet it thousands of times, were there one.
/// </summary>
public sealed class ThreadingTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly int Threads = Math.Max(4, 2 * Environment.ProcessorCount);

    [Fact]
    public void EncryptAndTryDecrypt_ManyThreadsOneHandle_EveryCiphertextDecrypts()
    {
        using ICmkHandle key = Fixtures.OpenNewKey();
        int wrong = 0;
        int done = 0;
        Fixtures.OnThreads(Threads, thread =>
        {
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

    [Fact]
    public void Dispose_WhileManyThreadsEncrypt_CallsFinishRightOrAreRefused()
    {
        for (int round = 0; round < 50; round++)
        {
            byte[] material = Fixtures.Filled(32, (byte)round);
            using CmkHandle reference = new(Fixtures.Binding, material);
            CmkHandle key = new(Fixtures.Binding, material);
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
