using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Server.Tests;

/// <summary>
/// The server's clock. <see cref="FakeTimeProvider.Advance"/> lets timers fire, the reminder pump's among
/// them; <see cref="Shift"/> moves the time alone, so that a test can look before the pump does.
/// </summary>
internal sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero))
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    /// <summary>Moves the time without letting any timer fire.</summary>
    public void Shift(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    /// <summary>Moves the time to <paramref name="instant"/> without letting any timer fire.</summary>
    public void ShiftTo(DateTimeOffset instant) => Shift(instant - GetUtcNow());
}
