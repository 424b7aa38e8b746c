using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Locking;

/// <summary>PutObjectRetention: until when a version may not be removed.</summary>
internal sealed class PutObjectRetention : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObjectRetention", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.RequireObjectLockAsync(cancellationToken);
        var retention = Retention.Parse(await call.ReadBodyAsync(cancellationToken), call.Services.Time.GetUtcNow());
        bool bypasses = await call.BypassesGovernanceAsync(call.Request.Key, cancellationToken);
        await call.Services.Store.UpdateAsync(
            call.Request.Bucket, call.Request.Key, call.Request.VersionId, r => r with { Retention = retention }, bypasses, cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }
}
