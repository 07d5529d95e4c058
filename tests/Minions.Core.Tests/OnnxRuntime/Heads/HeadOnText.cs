using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.States;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>A head and its target over one text that a test writes: the states of the text, and guesses behind it.</summary>
internal sealed class HeadOnText : IDisposable
{
    private readonly OnnxTargetVerifier _target;
    private readonly OnnxHeadModel _head;
    private readonly SequenceOptions _options;
    private readonly ITargetSequence _targetSequence;
    private readonly IDraftSequence _headSequence;
    private readonly DraftRequest _request;
    private readonly VerificationRequest _verification;

    public HeadOnText(OnnxTargetVerifier target, OnnxHeadModel head, TargetStates states, SequenceOptions? options = null)
    {
        (_target, _head, States) = (target, head, states);
        _options = options ?? new SequenceOptions { States = target.States };
        _targetSequence = target.OpenSequence(_options);
        _headSequence = head.OpenSequence(_options);
        _request = new DraftRequest(_headSequence) { States = states };
        _verification = new VerificationRequest(_targetSequence, _options) { States = states };
    }

    public HeadOnText(OnnxTargetVerifier target, OnnxHeadModel head, int window = 512)
        : this(target, head, new TargetStates(target.States!, window))
    {
    }

    public TargetStates States { get; }

    public DraftRequest Request => _request;

    /// <summary>Has the target run all ids but the last, and a chain that is rejected behind them.</summary>
    public void TakeIn(ReadOnlySpan<int> text, params int[] rejected)
    {
        int[] ids = [.. text[..^1], .. rejected];
        States.Truncate(text.Length - 1);
        _verification.Prepare(ids, rowsWanted: 1);
        _target.Verify([_verification], default);
        Assert.That(_verification.Fault, Is.Null);
        States.Truncate(text.Length - 1);
    }

    public int[] Guess(int[] text, int length)
    {
        _request.Prepare(text, length);
        _head.Propose([_request], default);
        Assert.That(_request.Fault, Is.Null);
        return [.. _request.Proposal.Tokens];
    }

    public void Dispose()
    {
        _targetSequence.Dispose();
        _headSequence.Dispose();
    }
}
