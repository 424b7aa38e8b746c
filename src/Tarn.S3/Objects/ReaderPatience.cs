using System.IO.Pipelines;
using Tarn.S3.Errors;
using Tarn.S3.Requests;

namespace Tarn.S3.Objects;

/// <summary>
/// Waits for a reader who is slower than the disk, and not for one who has stopped: the listener's lowest rate counts all that was taken before, so that who
/// stops after some megabytes could stay for hours.
/// </summary>
internal static class ReaderPatience
{
    /// <summary>Sends what was written.</summary>
    /// <exception cref="S3Exception">RequestTimeout when the reader takes too little of it for <see cref="S3Limits.ReaderSilence"/>.</exception>
    public static async ValueTask<FlushResult> FlushAsync(PipeWriter answer, TimeProvider time, CancellationToken cancellationToken)
    {
        var flushed = answer.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
            return await flushed;
        try
        {
            return await flushed.AsTask().WaitAsync(S3Limits.ReaderSilence, time, cancellationToken);
        }
        catch (TimeoutException stopped)
        {
            throw new S3Exception(S3Error.RequestTimeout, $"The answer was not read for {S3Limits.ReaderSilence.TotalSeconds} s.", stopped);
        }
    }
}
