using System.Reflection;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.States;
using Minions.Core.Tokenization;
using Minions.Core.Verification;

namespace Minions.Core.Tests;

/// <summary>A wrapper forwards all that its contract has, what will be added to it included.</summary>
internal sealed class DelegatingTests
{
    [TestCase(typeof(IDraftModel), typeof(DelegatingDraftModel))]
    [TestCase(typeof(ITargetVerifier), typeof(DelegatingTargetVerifier))]
    public void Every_member_of_the_contract_is_the_wrappers_own(Type contract, Type wrapper)
    {
        foreach (Type part in contract.GetInterfaces().Append(contract))
        {
            InterfaceMapping map = wrapper.GetInterfaceMap(part);
            foreach ((MethodInfo member, MethodInfo own) in map.InterfaceMethods.Zip(map.TargetMethods))
            {
                Assert.That(own.DeclaringType, Is.EqualTo(wrapper), member.Name);
                Assert.That(own.IsFinal, Is.EqualTo(part == typeof(IDisposable)), $"{member.Name} can be overridden");
            }
        }
    }

    [Test]
    public void Every_property_of_a_draft_is_forwarded() =>
        ExpectForwarded<IDraftModel>(new PlainDraft(), new UnusualDraft(), inner => new Draft(inner));

    [Test]
    public void Every_property_of_a_target_is_forwarded() =>
        ExpectForwarded<ITargetVerifier>(new PlainTarget(), new UnusualTarget(), inner => new Target(inner));

    [Test]
    public void Calls_of_a_draft_are_forwarded([Values] bool leaveOpen)
    {
        var inner = new UnusualDraft();
        var wrapper = new Draft(inner, leaveOpen);
        var options = new SequenceOptions();
        IDraftSequence sequence = wrapper.OpenSequence(options);
        Assert.That((inner.Options, sequence), Is.EqualTo((options, inner.Sequence)), "the sequence is the draft's own");

        using var cancellation = new CancellationTokenSource();
        wrapper.Propose([new DraftRequest(sequence), new DraftRequest(sequence)], cancellation.Token);
        Assert.That(inner.Proposed, Is.EqualTo((2, cancellation.Token)));
        wrapper.Dispose();
        Assert.That(inner.IsDisposed, Is.EqualTo(!leaveOpen));
    }

    [Test]
    public void Calls_of_a_target_are_forwarded([Values] bool leaveOpen)
    {
        var inner = new UnusualTarget();
        var wrapper = new Target(inner, leaveOpen);
        var options = new SequenceOptions();
        ITargetSequence sequence = wrapper.OpenSequence(options);
        Assert.That((inner.Options, sequence), Is.EqualTo((options, inner.Sequence)), "the sequence is the target's own");

        using var cancellation = new CancellationTokenSource();
        wrapper.Verify([new VerificationRequest(sequence, options)], cancellation.Token);
        Assert.That(inner.Verified, Is.EqualTo((1, cancellation.Token)));
        wrapper.Dispose();
        Assert.That(inner.IsDisposed, Is.EqualTo(!leaveOpen));
    }

    // Were the unusual part's value the default one, a member that is not forwarded would go unnoticed.
    private static void ExpectForwarded<T>(T plain, T unusual, Func<T, T> wrap)
    {
        foreach (PropertyInfo property in typeof(T).GetProperties())
        {
            Assert.That(property.GetValue(unusual), Is.Not.EqualTo(property.GetValue(plain)), $"the test's {property.Name} differs from the default");
            Assert.That(property.GetValue(wrap(unusual)), Is.EqualTo(property.GetValue(unusual)), property.Name);
        }
    }

    private sealed class Draft(IDraftModel inner, bool leaveOpen = false) : DelegatingDraftModel(inner, leaveOpen);

    private sealed class Target(ITargetVerifier inner, bool leaveOpen = false) : DelegatingTargetVerifier(inner, leaveOpen);

    private sealed class PlainDraft : IDraftModel
    {
        public string Name => "";

        public int ContextLength => 0;

        public IDraftSequence OpenSequence(SequenceOptions options) => throw new NotSupportedException();

        public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class UnusualDraft : IDraftModel, IDraftSequence
    {
        public string Name => "unusual";

        public int ContextLength => 77;

        public int MaxBatchSize => 7;

        public bool SupportsPreDrafting => true;

        public bool HeedsCancellation => true;

        public bool WantsWarmUp => true;

        public string? Fingerprint => "unusual";

        public bool ReadsStates => true;

        public bool IsFree => true;

        public bool ContinuesChains => true;

        public bool UsesReferences => true;

        public long? CacheBytes => 9;

        public IReadOnlyList<double> ExpectedAgreement { get; } = [0.5];

        public IDraftSequence Sequence => this;

        public SequenceOptions? Options { get; private set; }

        public (int, CancellationToken) Proposed { get; private set; }

        public bool IsDisposed { get; private set; }

        public IDraftSequence OpenSequence(SequenceOptions options)
        {
            Options = options;
            return Sequence;
        }

        public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken) => Proposed = (batch.Length, cancellationToken);

        public void Dispose() => IsDisposed = true;
    }

    private sealed class PlainTarget : ITargetVerifier
    {
        public int ContextLength => 0;

        public int VocabularySize => 0;

        public Exactness Exactness => Exactness.Guaranteed;

        public ITargetSequence OpenSequence(SequenceOptions options) => throw new NotSupportedException();

        public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class UnusualTarget : ITargetVerifier, ITargetSequence
    {
        public int ContextLength => 77;

        public int VocabularySize => 66;

        public Exactness Exactness { get; } = Exactness.NotAvailable("unusual");

        public bool WantsWarmUp => true;

        public string? Fingerprint => "unusual";

        public StateLayout? States { get; } = new([new StatePart("unusual", 1)]);

        public int MaxBatchSize => 7;

        public IReadOnlyList<int> EndTokens { get; } = [5, 6];

        public ModelDefaults ModelDefaults { get; } = new() { Taken = ["unusual"] };

        public string? ModelFolder => "folder";

        public ITextTokenizer? Tokenizer { get; } = new LetterTokenizer();

        public long? CacheBytes => 9;

        public ITargetSequence Sequence => this;

        public SequenceOptions? Options { get; private set; }

        public (int, CancellationToken) Verified { get; private set; }

        public bool IsDisposed { get; private set; }

        public ITargetSequence OpenSequence(SequenceOptions options)
        {
            Options = options;
            return Sequence;
        }

        public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken) => Verified = (batch.Length, cancellationToken);

        public void Dispose() => IsDisposed = true;
    }
}
