using Tarn.CommandLine;
using Tarn.Terminal;
using Tarn.Testing.Time;

namespace Tarn.Tests.Terminal;

public sealed class CancellationTests
{
    [Fact]
    public void Terminate_SignalsOfOneMoment_CountAsOneAndALaterOneEnds()
    {
        var (time, codes) = (new ManualTimeProvider(), new List<int>());
        using var cancellation = new Cancellation(time, codes.Add);
        Assert.False(cancellation.Process.IsCancellationRequested);
        cancellation.Terminate();
        cancellation.Terminate();
        Assert.True(cancellation.Process.IsCancellationRequested);
        Assert.Empty(codes);
        time.Advance(TimeSpan.FromSeconds(1));
        cancellation.Terminate();
        Assert.Equal([ExitCode.Cancelled], codes);
    }
}
