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
    /// <exception cref="RestException">503: there are too many, of the caller or of all, and each of them was asked for a short time ago.</exception>
    public PlannedScan Start(PlanOwner owner, PlanRequest request, IReadOnlyList<TableScan> scans, ManifestCheck check, Action begun)
    {
        lock (_gate)
        {
            RemoveIdle();
            if (IsFull(owner.Caller))
                RemoveDrained(owner.Caller);
            if (IsFull(owner.Caller))
                RemoveForgotten(owner.Caller);
            if (IsFull(owner.Caller))
                throw Full(owner.Caller);
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

    private bool IsFull(string caller) => _plans.Count >= PlanningLimits.MaxPlans || CountOf(caller) >= PlanningLimits.MaxPlansOfCaller;

    // A caller who goes away without a word, which engines do, must not stand in the way, their own or that of others, of whom the one with most plans gives way:
    // whom the plan belonged to plans again. One that is still being fetched stays.
    private void RemoveForgotten(string caller)
    {
        var until = time.GetUtcNow() - PlanningLimits.ForgottenTime;
        var forgotten = _plans.Values.Where(p => p.LastAsked <= until).ToList();
        var own = forgotten.Where(p => p.Owner.Caller == caller).MinBy(p => p.LastAsked);
        var gives = own is not null || CountOf(caller) >= PlanningLimits.MaxPlansOfCaller
            ? own
            : forgotten.GroupBy(p => p.Owner.Caller).MaxBy(g => CountOf(g.Key))?.MinBy(p => p.LastAsked);
        if (gives is not null)
            Remove(gives);
    }

    private RestException Full(string caller)
    {
        bool isOwn = CountOf(caller) >= PlanningLimits.MaxPlansOfCaller;
        var oldest = _plans.Values.Where(p => !isOwn || p.Owner.Caller == caller).Min(p => p.LastAsked);
        string many = isOwn
            ? $"You have {CountOf(caller)} plans, of at most {PlanningLimits.MaxPlansOfCaller}"
            : $"There are {_plans.Count} plans, of at most {PlanningLimits.MaxPlans}";
        return new RestException(RestError.ServiceUnavailable, $"{many}, and all of them were asked for within {PlanningLimits.ForgottenTime.TotalSeconds} seconds. Fetch or cancel some, or try again later.")
        {
            RetryAfter = TimeSpan.FromSeconds(Math.Max(1, (oldest + PlanningLimits.ForgottenTime - time.GetUtcNow()).TotalSeconds)),
        };
    }

    private int CountOf(string caller) => _plans.Values.Count(p => p.Owner.Caller == caller);

    private bool Remove(PlannedScan plan)
    {
        plan.Dispose();
        return _plans.Remove(plan.Id);
    }
}
