using Tarn.Access;
using Tarn.Access.Auditing;

namespace Tarn.Testing.Access;

/// <summary>What a data folder's audit trail has recorded.</summary>
public static class AuditTrail
{
    /// <summary>The events that fit. Whoever records is disposed of first, so that none is still on its way.</summary>
    public static ValueTask<List<AuditEvent>> ReadAsync(string dataFolder, AuditQuery? query = null) =>
        new AuditFollower(AccessServices.AuditFolder(dataFolder), query ?? new AuditQuery()).ReadNewAsync().ToListAsync();
}
