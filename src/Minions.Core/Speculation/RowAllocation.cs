namespace Minions.Core.Speculation;

/// <summary>
/// Shares out the rows of a target run among the requests in it: every id of every chain competes by how likely it is accepted against what its row
/// adds to the run, so that a request with sure drafts may take what another with poor ones leaves. Reused from run to run.
/// </summary>
/// <param name="capacity">The most requests of a run.</param>
internal sealed class RowAllocation(int capacity)
{
    /// <summary>An id that is less likely than this pays in no run.</summary>
    public const float LeastSurvival = 0.01f;

    private readonly RequestPolicy[] _policies = new RequestPolicy[capacity];
    private readonly int[] _pending = new int[capacity];
    private readonly int[] _minRows = new int[capacity];
    private readonly int[] _lengths = new int[capacity];
    private readonly int[] _best = new int[capacity];
    private int _count;
    private int _rows;
    private int _requests;

    /// <summary>Starts a run.</summary>
    public void Clear()
    {
        Array.Clear(_policies, 0, _count);
        (_count, _rows, _requests) = (0, 0, 0);
    }

    /// <summary>Adds a request whose rows are given.</summary>
    public void Add(int rows)
    {
        _rows += rows;
        _requests++;
    }

    /// <summary>Adds a request whose chain was predicted.</summary>
    /// <param name="policy">The request's policy.</param>
    /// <param name="pending">The rows that it takes without a chain, fillers aside.</param>
    /// <param name="minRows">The fewest rows it takes.</param>
    public void Add(RequestPolicy policy, int pending, int minRows)
    {
        (_policies[_count], _pending[_count], _minRows[_count]) = (policy, pending, minRows);

        // Ids that stand in rows which are run anyway compete for nothing.
        _lengths[_count] = _best[_count] = Math.Clamp(minRows - pending, 0, policy.Survival.Length);
        _rows += Math.Max(minRows, pending);
        _requests++;
        _count++;
    }

    /// <summary>Cuts each chain that was predicted to what is worth its rows.</summary>
    public void Settle()
    {
        double value = 0, best = double.NegativeInfinity, price = Price();
        int likeliest;
        do
        {
            if (value - price >= best)
            {
                best = value - price;
                _lengths.AsSpan(0, _count).CopyTo(_best);
            }

            likeliest = Likeliest();
            if (likeliest >= 0)
            {
                value += _policies[likeliest].Survival[_lengths[likeliest]++];
                if (_pending[likeliest] + _lengths[likeliest] > _minRows[likeliest])
                {
                    _rows++;
                    price = Price();
                }
            }
        }
        while (likeliest >= 0);

        for (int i = 0; i < _count; i++)
            _policies[i].CutTo(_best[i]);
    }

    private int Likeliest()
    {
        int likeliest = -1;
        double most = LeastSurvival;
        for (int i = 0; i < _count; i++)
        {
            ReadOnlySpan<double> survival = _policies[i].Survival;
            if (_lengths[i] < survival.Length && survival[_lengths[i]] > most)
                (likeliest, most) = (i, survival[_lengths[i]]);
        }

        return likeliest;
    }

    private double Price()
    {
        double price = 0;
        for (int i = 0; i < _count; i++)
            price += _policies[i].PriceOfRun(_rows, _requests);
        return price;
    }
}
