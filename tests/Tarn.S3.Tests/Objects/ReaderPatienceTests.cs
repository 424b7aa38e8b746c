using System.IO.Pipelines;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Requests;
using Tarn.Testing.Time;

namespace Tarn.S3.Tests.Objects;

public sealed class ReaderPatienceTests
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 32));
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Flush_ReaderThatStops_IsARequestTimeout()
    {
        var flushed = Flush();
        _time.Advance(S3Limits.ReaderSilence);
        Assert.Equal(S3Error.RequestTimeout, (await Assert.ThrowsAsync<S3Exception>(() => flushed)).Error);
    }

    [Fact]
    public async Task Flush_ReaderThatTakesItJustInTime_GoesOn()
    {
        var flushed = Flush();
        _time.Advance(S3Limits.ReaderSilence - TimeSpan.FromTicks(1));
        var read = await _pipe.Reader.ReadAsync();
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        Assert.False((await flushed).IsCompleted);
    }

    private Task<FlushResult> Flush()
    {
        _pipe.Writer.GetSpan(100)[..100].Clear();
        _pipe.Writer.Advance(100);
        return ReaderPatience.FlushAsync(_pipe.Writer, _time, CancellationToken.None).AsTask();
    }
}
