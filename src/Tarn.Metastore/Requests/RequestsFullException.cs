using Tarn.Core.Errors;

namespace Tarn.Metastore.Requests;

/// <summary>There is no room to remember a request. Nothing was changed; without its key it can be applied.</summary>
/// <param name="own">How many of its caller are remembered.</param>
/// <param name="count">How many of all callers are.</param>
/// <param name="maxCount">The limit.</param>
public sealed class RequestsFullException(int own, int count, int maxCount)
    : TarnException(ErrorKind.Unavailable, $"{count} requests with keys of their own are remembered, {own} of them of this caller; {maxCount} is the limit, and a caller gets room while it holds less than is free. Nothing was changed; wait until some have ended, or send the request without a key.");
