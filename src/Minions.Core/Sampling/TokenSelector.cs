using System.Security.Cryptography;

namespace Minions.Core.Sampling;

/// <summary>
/// Chooses an id from a row of logits: one rule for the target and for every draft of a request. The choice is a pure function of
/// position, prefix and logits, which is what makes speculation exact: no draft, vote or length can change it.
/// </summary>
/// <remarks>
/// <para>
/// The choice is the id with the largest <c>processed logit / temperature + noise(seed, position, id)</c> among those that truncation
/// keeps, with noise of the Gumbel distribution: a draw from the processed distribution. It is zero for greedy selectors. Drafts get the same
/// selector and so the same noise, which makes them likely to agree with the target (arXiv 2506.05632).
/// </para>
/// <para>Immutable and safe to use from several threads at once, as far as the user's processors are.</para>
/// </remarks>
public sealed class TokenSelector
{
    private readonly double _temperature;
    private readonly ulong _seed;
    private readonly LogitsChain? _chain;
    private readonly Truncation? _truncation;

    private TokenSelector(SamplingOptions options, int promptLength)
    {
        _temperature = options.Temperature;
        _chain = LogitsChain.Of(options, promptLength);
        if (options.IsGreedy)
            return;

        // 63 bits, so that a seed that was reported can be given back where seeds are signed, as in the abstractions of chat clients.
        _seed = options.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 1;
        _truncation = Truncation.Of(options);
        Seed = _seed;
    }

    /// <summary>Always the id with the largest logit; of equal ones the lowest id.</summary>
    public static TokenSelector Greedy { get; } = new(SamplingOptions.Greedy, 0);

    /// <summary>What the noise is made of: the options' seed, or the one drawn in its place; <see langword="null"/> when greedy.</summary>
    public ulong? Seed { get; }

    /// <summary>Whether the largest logit of the row as it is decides, so that ids which cannot win may be left out of the row.</summary>
    internal bool TakesLargest => _temperature == 0 && _chain is null;

    /// <summary>Makes the selector of one request. The pipeline does so itself; verifiers and drafts get it in their sequence's options.</summary>
    /// <param name="options">How to choose. Where they name no seed, one is drawn.</param>
    /// <param name="promptLength">How many ids of every prefix are the prompt; presence and frequency penalties count those behind it.</param>
    /// <returns>The selector.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the prompt's length is negative.</exception>
    public static TokenSelector Create(SamplingOptions options, int promptLength)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(promptLength);
        options.Validate();
        return new TokenSelector(options, promptLength);
    }

    /// <summary>Chooses the id at a position.</summary>
    /// <param name="position">The absolute index of the id to choose: the number of ids in <paramref name="prefix"/>.</param>
    /// <param name="prefix">All ids before it, prompt and output.</param>
    /// <param name="logits">One logit for each id of the vocabulary.</param>
    /// <returns>The chosen id.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="logits"/> is empty, holds a value that is not a number or forbids every id, or the prefix does not end at the position.
    /// </exception>
    /// <exception cref="LogitsProcessorException">A processor of the user threw or left no id to choose.</exception>
    public int Select(int position, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits) => Select(position, prefix, logits, wantsProbability: false, out _);

    /// <summary>Chooses like <see cref="Select(int, ReadOnlySpan{int}, ReadOnlySpan{float})"/> and tells how likely the model holds the choice.</summary>
    /// <param name="position">The absolute index of the id to choose.</param>
    /// <param name="prefix">All ids before it, prompt and output.</param>
    /// <param name="logits">One logit for each id of the vocabulary.</param>
    /// <param name="probability">
    /// The choice's probability in (0, 1], to within 1e-4: in the distribution it was drawn from, after temperature and truncation; for a
    /// greedy selector in the softmax of the processed logits.
    /// </param>
    /// <returns>The chosen id.</returns>
    /// <inheritdoc cref="Select(int, ReadOnlySpan{int}, ReadOnlySpan{float})" path="/exception"/>
    public int Select(int position, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits, out float probability) =>
        Select(position, prefix, logits, wantsProbability: true, out probability);

    private int Select(int position, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits, bool wantsProbability, out float probability)
    {
        if (prefix.Length != position)
            throw new ArgumentException($"The prefix holds {prefix.Length} ids, but the id to choose stands at {position}.", nameof(prefix));

        SelectionScratch scratch = SelectionScratch.Take();
        LogitsRow row = Process(prefix, logits, scratch);
        probability = 1;
        int choice = float.IsFinite(row.Maximum) ? Choose(position, row, wantsProbability, ref probability) : UnusableRow.Decide(position, logits, row.Logits);
        scratch.GiveBack();
        return choice;
    }

    private LogitsRow Process(ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits, SelectionScratch scratch)
    {
        if (_chain is not null)
        {
            Span<float> copy = scratch.Row(logits.Length);
            logits.CopyTo(copy);
            _chain.Apply(prefix, copy, scratch.Counts(logits.Length));
            logits = copy;
        }

        return LogitsRow.Scan(logits, scratch.Peaks(LogitsRow.PeaksOf(logits.Length)));
    }

    private int Choose(int position, in LogitsRow row, bool wantsProbability, ref float probability)
    {
        var weight = new SoftmaxWeight(row.Maximum, _temperature == 0 ? 1 : _temperature);
        RowCut cut = RowCut.None;
        int choice = row.IndexOfMaximum();
        if (_temperature > 0)
        {
            cut = _truncation?.Cut(row, weight) ?? cut;
            choice = NoisyArgmax.Find(row, weight, cut, new GumbelNoise(_seed, position), choice);
        }

        if (wantsProbability)
            probability = weight.Share(row.Logits[choice], RowMeasure.MassOf(row, weight, cut));
        return choice;
    }
}
