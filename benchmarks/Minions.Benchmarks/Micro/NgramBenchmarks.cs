using BenchmarkDotNet.Attributes;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Micro;

/// <summary>The n-gram draft when the target commits one id a round: that id is added and the next one looked up, behind texts of several lengths.</summary>
[MemoryDiagnoser]
public class NgramBenchmarks : IDisposable
{
    private const int Rounds = 256;

    private readonly NgramDraft _draft = new();
    private int[] _text = [];
    private IDraftSequence? _sequence;
    private DraftRequest _request = null!;

    [Params(256, 4_096, 65_536)]
    public int Context { get; set; }

    [GlobalSetup]
    public void Write()
    {
        _text = RepeatingText.Write(Context + Rounds);
        _sequence = _draft.OpenSequence(new SequenceOptions { ExpectedLength = _text.Length });
        _request = new DraftRequest(_sequence);
        if (AddAndLookUp() == 0)
            throw new InvalidOperationException("Nothing was proposed, so nothing would be measured.");
    }

    /// <summary>Beside the ids themselves this compares the whole context with what is held, and takes the rounds' ids back once.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public int AddAndLookUp()
    {
        int proposed = 0;
        for (int round = 1; round <= Rounds; round++)
        {
            _request.Prepare(_text.AsMemory(0, Context + round), 1);
            _draft.Propose([_request], CancellationToken.None);
            proposed += _request.Proposal.Count;
        }

        return proposed;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _sequence?.Dispose();
        _draft.Dispose();
    }
}
