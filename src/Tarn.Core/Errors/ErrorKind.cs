namespace Tarn.Core.Errors;

/// <summary>What kind of failure a <see cref="TarnException"/> is, and so what its caller should do about it.</summary>
public enum ErrorKind
{
    /// <summary>The request itself is wrong: correct it; repeating it unchanged fails again.</summary>
    InvalidRequest,

    /// <summary>Nobody is known to be asking: present credentials.</summary>
    Unauthenticated,

    /// <summary>The caller is known and may not do this: ask for the right.</summary>
    PermissionDenied,

    /// <summary>The named thing does not exist: check the name.</summary>
    NotFound,

    /// <summary>The name is taken: choose another one or use the existing thing.</summary>
    AlreadyExists,

    /// <summary>Somebody else changed the same thing first and nothing of this request was applied: read again and retry.</summary>
    Conflict,

    /// <summary>A limit (disk, memory, quota, size) was reached: free or raise it, then retry.</summary>
    ResourceExhausted,

    /// <summary>A part is not reachable at the moment and nothing was applied: retry later.</summary>
    Unavailable,

    /// <summary>The request is understood and legal, and this version of Tarn does not do it.</summary>
    Unsupported,

    /// <summary>Stored data is damaged, missing or contradicts itself: restore it; retrying does not help.</summary>
    DataCorrupted,

    /// <summary>A defect in Tarn: report it.</summary>
    Internal,
}
