using Tarn.Core.Errors;

namespace Tarn.Metastore.Requests;

/// <summary>A request was applied before, under the same key. This time nothing was applied: answer as the first time.</summary>
public sealed class RepeatedRequestException(AppliedRequest applied)
    : TarnException(ErrorKind.Conflict, $"The request {applied.Request.Key.Id} was applied already, by commit {applied.Number}. Nothing was applied again.");
