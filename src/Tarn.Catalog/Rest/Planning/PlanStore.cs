using Tarn.Catalog.Rest.Errors;
using Tarn.Iceberg.Scanning;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>The plans of this process. After a restart a client that asks for an old one is told that there is none, and plans again.</summary>
/// <param name="planner">Plans.</param>
/// <param name="time">The clock.</param>
internal sealed class PlanStore(ScanPlanner planner, TimeProvider time) : IDisposable
{
    private const char TaskSeparator = '.';

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PlannedScan> _plans = new(StringComparer.Ordinal);

    /// <summary>Plans that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _plans.Count;
        }
    }

    /// <summary>Begins a plan.</summary>
    /// <param name="owner">Who may ask for it.</param>
    /// <param name="request">What is planned.</param>
    /// <param name="scans">The scans of the request, in order.</param>
    /// <param name="check">Asked before the manifests of a scan are read.</param>
    /// <param name="begun">Told when the first page is ready, and not of a plan that fails before.</param>
    /// <exception cref="RestException">503: there are too many, and none is the caller's.</exception>
    public PlannedScan Start(PlanOwner owner, PlanRequest request, IReadOnlyList<TableScan> scans, ManifestCheck check, Action begun)
    {
        lock (_gate)
        {
            RemoveIdle();
            if (_plans.Count >= PlanningLimits.MaxPlans || CountOf(owner.Caller) >= PlanningLimits.MaxPlansOfCaller)
                RemoveDrained(owner.Caller);
            if (_plans.Count >= PlanningLimits.MaxPlans || CountOf(owner.Caller) >= PlanningLimits.MaxPlansOfCaller)
                RemoveForgotten(owner.Caller);
            if (_plans.Count >= PlanningLimits.MaxPlans)
            {
                throw new RestException(
                    RestError.ServiceUnavailable,
                    $"There are {_plans.Count} plans, of at most {PlanningLimits.MaxPlans}, and none of them is yours. Wait until others have fetched or cancelled theirs.") { RetryAfter = TimeSpan.FromSeconds(1) };
            }

            var plan = new PlannedScan(Guid.NewGuid().ToString("N"), owner, request, scans, planner, check, begun) { LastAsked = time.GetUtcNow() };
            _plans.Add(plan.Id, plan);
            return plan;
        }
    }

    /// <summary>A plan of somebody for a table; null when they have none of this id.</summary>
    public PlannedScan? Find(string id, PlanOwner owner)
    {
        lock (_gate)
        {
            RemoveIdle();
            if (!_plans.TryGetValue(id, out var plan) || plan.Owner != owner)
                return null;
            plan.LastAsked = time.GetUtcNow();
            return plan;
        }
    }

    /// <summary>Forgets a plan.</summary>
    /// <returns>False when there is none.</returns>
    public bool Cancel(string id, PlanOwner owner)
    {
        lock (_gate)
            return Find(id, owner) is { } plan && Remove(plan);
    }

    /// <summary>The page that a plan task stands for; null when there is none.</summary>
    public async ValueTask<(PlannedScan Plan, PlanPage Page)?> FindPageAsync(string planTask, PlanOwner owner, CancellationToken cancellationToken)
    {
        int separator = planTask.IndexOf(TaskSeparator, StringComparison.Ordinal);
        if (separator < 0 || !int.TryParse(planTask.AsSpan(separator + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) || number == 0)
            return null;
        return Find(planTask[..separator], owner) is { } plan && await plan.PageAsync(number, cancellationToken) is { } page ? (plan, page) : null;
    }

    /// <summary>The plan task that stands for the page after one.</summary>
    public static string TaskAfter(PlannedScan plan, PlanPage page) => $"{plan.Id}{TaskSeparator}{page.Number + 1}";

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var plan in _plans.Values.ToList())
                Remove(plan);
        }
    }

    private void RemoveIdle()
    {
        var until = time.GetUtcNow() - PlanningLimits.IdleTime;
        foreach (var plan in _plans.Values.Where(p => p.LastAsked <= until).ToList())
            Remove(plan);
    }

    // Of those that have nothing left to give, half: the answers of the others may still be asked for again.
    private void RemoveDrained(string caller)
    {
        var drained = _plans.Values.Where(p => p.IsDrained && (p.Owner.Caller == caller || _plans.Count >= PlanningLimits.MaxPlans)).OrderBy(p => p.LastAsked).ToList();
        foreach (var plan in drained.Take((drained.Count + 1) / 2))
            Remove(plan);
    }

    // A caller who goes away without a word, which engines do, must not stand in their own way: whom the plan belonged to plans again.
    private void RemoveForgotten(string caller)
    {
        if (_plans.Values.Where(p => p.Owner.Caller == caller).MinBy(p => p.LastAsked) is { } oldest)
            Remove(oldest);
    }

    private int CountOf(string caller) => _plans.Values.Count(p => p.Owner.Caller == caller);

    private bool Remove(PlannedScan plan)
    {
        plan.Dispose();
        return _plans.Remove(plan.Id);
    }
}
