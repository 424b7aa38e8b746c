using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Xml;

namespace Tarn.S3.Hosting;

/// <summary>
/// Answers operations that may take longer than clients wait in silence, as Amazon S3 does: after a while the answer begins with 200 and white space, and a
/// failure afterwards is an error document in the body.
/// </summary>
internal static class SlowAnswer
{
    /// <summary>How long the connection stays silent; SDKs give up after 30 seconds and more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private static readonly int s_declarationBytes = Encoding.UTF8.GetByteCount(XmlAnswer.Declaration);

    /// <summary>Waits for the work and answers.</summary>
    /// <param name="call">The request.</param>
    /// <param name="work">What takes long.</param>
    /// <param name="write">Makes the document of its result.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask RespondAsync<T>(S3Call call, Task<T> work, Func<T, XmlAnswer> write, CancellationToken cancellationToken)
    {
        if (await IsDoneAsync(call, work, cancellationToken))
        {
            await call.RespondAsync(write(await work), cancellationToken);
            return;
        }

        call.Response.StatusCode = StatusCodes.Status200OK;
        call.Response.ContentType = XmlAnswer.ContentType;
        await WriteAsync(call, Encoding.UTF8.GetBytes(XmlAnswer.Declaration), cancellationToken);
        do
        {
            await WriteAsync(call, " "u8.ToArray(), cancellationToken);
        }
        while (!await IsDoneAsync(call, work, cancellationToken));
        await WriteAsync(call, (await FinishAsync(call, work, write))[s_declarationBytes..], cancellationToken);
    }

    private static async ValueTask<bool> IsDoneAsync(S3Call call, Task work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(work, Task.Delay(Silence, call.Services.Time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == work;
    }

    private static async ValueTask<byte[]> FinishAsync<T>(S3Call call, Task<T> work, Func<T, XmlAnswer> write)
    {
        try
        {
            return write(await work).ToUtf8();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var failure = S3ErrorMapping.Translate(e);
            string hostId = call.Response.Headers["x-amz-id-2"].ToString();
            return ErrorDocument.Write(failure.Error, failure.Message, failure.Details, call.Request.Target.RawPath, call.RequestId, hostId);
        }
    }

    private static async ValueTask WriteAsync(S3Call call, byte[] bytes, CancellationToken cancellationToken)
        => await call.Response.BodyWriter.WriteAsync(bytes, cancellationToken);
}
