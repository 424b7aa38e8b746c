namespace Tarn.Core.Errors;

/// <summary>A commit was refused because a requirement did not hold. Nothing was applied; refresh and re-apply.</summary>
public sealed class CommitConflictException(string message) : TarnException(ErrorKind.Conflict, message);
