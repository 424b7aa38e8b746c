namespace Tarn.Testing.Time;

/// <summary>A clock that stands until it is moved. Its timers are those of the system, so waits go on.</summary>
/// <param name="now">Where it stands; the first of March 2026 at noon, UTC, without.</param>
public sealed class FixedTime(DateTimeOffset? now = null) : TimeProvider
{
    /// <summary>Where it stands.</summary>
    public DateTimeOffset Now { get; set; } = now ?? new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;
}
