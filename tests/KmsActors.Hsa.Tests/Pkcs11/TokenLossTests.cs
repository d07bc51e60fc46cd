using KmsActors.Hsa.Pkcs11;
using KmsActors.Hsa.Pkcs11.Cryptoki;
using KmsActors.Testing.SoftHsm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsActors.Hsa.Tests.Pkcs11;

public sealed class TokenLossTests : IDisposable
{
    private readonly SoftHsmToken _softHsm = new(losable: true);

    public void Dispose() => _softHsm.Dispose();

    [Fact]
    public void Keys_TokenGoesAndReturns_AreUnavailableAndThenWorkAgain()
    {
        using Pkcs11Hsa hsa = new(new SoftwareHsa(Fixtures.RootKey(1), rsaPairs: 1), Tokens.WithRootKey(Tokens.Open(_softHsm)));
        using ISymmetricKey key = Tokens.OpenNewKey(hsa);
        using IKeyPair pair = Tokens.OpenNewPair(KeyType.EcP256, hsa);
        using ISymmetricKey software = (ISymmetricKey)hsa.OpenKey(Fixtures.Binding, Fixtures.Blob(KeyType.Aes256));
        byte[] envelope = Fixtures.Encrypt(key, [42]);
        foreach (ReturnValue answer in new[]
        {
            ReturnValue.CKR_DEVICE_REMOVED, ReturnValue.CKR_DEVICE_ERROR, ReturnValue.CKR_TOKEN_NOT_PRESENT,
            ReturnValue.CKR_SESSION_HANDLE_INVALID, ReturnValue.CKR_SESSION_CLOSED, ReturnValue.CKR_USER_NOT_LOGGED_IN,
            ReturnValue.CKR_CRYPTOKI_NOT_INITIALIZED, ReturnValue.CKR_OBJECT_HANDLE_INVALID, ReturnValue.CKR_KEY_HANDLE_INVALID,
        })
        {
            _softHsm.Lose((uint)answer);
            HsaUnavailableException lost = Assert.Throws<HsaUnavailableException>(() => Fixtures.Encrypt(key, [1]));
            Assert.Contains(answer.ToString(), lost.Message, StringComparison.Ordinal);
            Assert.Throws<HsaUnavailableException>(() => Fixtures.TryDecrypt(key, envelope, null, out _));
            Assert.Throws<HsaUnavailableException>(() => pair.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]));
            Assert.Throws<HsaUnavailableException>(() => Tokens.Generate(KeyType.Aes256, hsa));
            Assert.False(pair.Verify(SignatureAlgorithm.EcdsaSha256, new byte[32], [1]));
            Fixtures.Encrypt(software, [1]);

            _softHsm.Return();
            Assert.Equal(42, Eventually(() =>
            {
                Assert.True(Fixtures.TryDecrypt(key, envelope, null, out byte[] opened));
                return opened[0];
            }));
            Assert.NotEmpty(pair.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]));
            Tokens.OpenNewKey(hsa).Dispose();
        }
    }

    [Fact]
    public void Keys_TokenGoesUnderLoad_GiveGoodAnswersOrNone()
    {
        using Pkcs11Hsa hsa = new(
            new SoftwareHsa(Fixtures.RootKey(1), rsaPairs: 1), Tokens.WithRootKey(Tokens.Open(_softHsm, TokenOptions.FewestOpenKeys)));
        ISymmetricKey[] keys = [.. Enumerable.Range(0, 100).Select(_ => Tokens.OpenNewKey(hsa))];
        byte[][] envelopes = [.. keys.Select((key, i) => Fixtures.Encrypt(key, [(byte)i]))];
        int unavailable = 0;
        Fixtures.OnThreads(7, thread =>
        {
            if (thread == 0)
            {
                for (int i = 0; i < 6; i++)
                {
                    Thread.Sleep(50);
                    _softHsm.Lose((uint)ReturnValue.CKR_DEVICE_REMOVED);
                    Thread.Sleep(50);
                    _softHsm.Return();
                    Thread.Sleep(300);
                }

                return;
            }

            Random random = new(thread);
            for (int turn = 0; turn < 1500; turn++)
            {
                int i = random.Next(keys.Length);
                try
                {
                    Assert.True(Fixtures.TryDecrypt(keys[i], envelopes[i], null, out byte[] opened));
                    Assert.Equal([(byte)i], opened);
                }
                catch (HsaUnavailableException)
                {
                    Interlocked.Increment(ref unavailable);
                    Thread.Sleep(5);
                }
            }
        });
        Assert.NotEqual(0, unavailable);
        for (int i = 0; i < keys.Length; i++)
            Eventually(() => Fixtures.TryDecrypt(keys[i], envelopes[i], null, out _) ? 1 : throw new InvalidOperationException());
    }

    [Fact]
    public void Keys_PinRefusedAfterALoss_IsTriedOnce()
    {
        Recorder log = new();
        using Token token = Token.Open(
            new TokenOptions { Library = _softHsm.Library, Label = _softHsm.Label },
            System.Text.Encoding.UTF8.GetBytes(SoftHsmToken.Pin),
            TimeProvider.System,
            log);
        token.MakeRootKey(1);
        _softHsm.Lose((uint)ReturnValue.CKR_DEVICE_REMOVED);
        Assert.Throws<HsaUnavailableException>(() => token.HasRootKey(1));
        _softHsm.Return();
        _softHsm.ChangePin("changed 1234");
        Eventually(() => log.Messages.Any(m => m.Contains("refused the PIN", StringComparison.Ordinal)) ? 1 : Use());
        int attempts = log.Messages.Count;
        for (int i = 0; i < 50; i++)
        {
            Thread.Sleep(5);
            Assert.Throws<HsaUnavailableException>(() => token.HasRootKey(1));
        }

        Assert.Equal(attempts, log.Messages.Count);
        Assert.DoesNotContain(log.Messages, m => m.Contains(SoftHsmToken.Pin, StringComparison.Ordinal));

        int Use() => token.HasRootKey(1) ? 1 : 0;
    }

    [Fact]
    public void Open_WrongSettings_SaysWhatIsWrongAndChangesNothing()
    {
        byte[] pin = System.Text.Encoding.UTF8.GetBytes(SoftHsmToken.Pin);
        TokenOptions good = new() { Library = _softHsm.Library, Label = _softHsm.Label };
        Says("cannot be loaded", good with { Library = "/nowhere/lib.so" }, pin);
        Says("no Cryptoki library", good with { Library = "libc.so.6" }, pin);
        Says("no token of the label", good with { Label = "none" }, pin);
        string message = Says("CKR_PIN_INCORRECT", good, "wrong PIN"u8);
        Assert.DoesNotContain("wrong PIN", message, StringComparison.Ordinal);
        using Token token = Tokens.Open(_softHsm);
        Says("CKR_CRYPTOKI_ALREADY_INITIALIZED", good, pin);
        Assert.False(token.HasRootKey(1));
        using SessionPool.Lease lease = token.Sessions.Take();
        Assert.Empty(lease.Session.FindObjects(new Template(), 10));
    }

    private static string Says(string expected, TokenOptions options, ReadOnlySpan<byte> pin)
    {
        byte[] copy = pin.ToArray();
        TokenException refused = Assert.Throws<TokenException>(
            () => Token.Open(options, copy, TimeProvider.System, NullLogger.Instance));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    // Whoever asks too early is told so, and nothing worse.
    private static T Eventually<T>(Func<T> attempt)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return attempt();
            }
            catch (HsaUnavailableException) when (i < 1000)
            {
                Thread.Sleep(10);
            }
        }
    }

    private sealed class Recorder : ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Messages { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
