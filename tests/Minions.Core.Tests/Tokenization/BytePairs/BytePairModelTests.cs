using CsCheck;
using Minions.Core.Tokenization.BytePairs;

namespace Minions.Core.Tests.Tokenization.BytePairs;

public class BytePairModelTests
{
    [TestCaseSource(typeof(BytePairOracle), nameof(BytePairOracle.Folders))]
    public void Words_have_the_ids_that_Microsoft_ML_Tokenizers_gives(string folder)
    {
        BytePairOracle oracle = BytePairOracle.Load(folder);
        Gen.OneOf(RandomTexts.AnyOf(oracle.Characters), RandomTexts.AnyOf(oracle.Tokens)).Array[1, 24].Select(string.Concat)
            .Sample(word => oracle.Agrees(word), iter: 2000);
    }

    [TestCaseSource(typeof(BytePairOracle), nameof(BytePairOracle.Folders))]
    public void Words_of_any_text_have_the_ids_that_Microsoft_ML_Tokenizers_gives(string folder)
    {
        BytePairOracle oracle = BytePairOracle.Load(folder);
        RandomTexts.Wellformed.Sample(text => oracle.WordsOf(text).Where(oracle.Knows).All(oracle.Agrees), iter: 2000);
    }

    [TestCaseSource(typeof(ReferenceTokenizers), nameof(ReferenceTokenizers.Names))]
    public void A_word_has_the_same_ids_the_second_time(string name)
    {
        var model = (BytePairModel)ReferenceTokenizers.Get(name).Model;
        RandomTexts.Wellformed.Where(text => text.Length > 0).Sample(
            word =>
            {
                List<int> once = [];
                model.Encode(word, once);
                List<int> twice = [.. once];
                model.Encode(word, twice);
                return twice.SequenceEqual([.. once, .. once]);
            },
            iter: 1000);
    }

    [Test]
    public void A_known_word_is_encoded_without_an_allocation()
    {
        var model = (BytePairModel)ReferenceTokenizers.Get("smollm2").Model;
        List<int> ids = new(64);
        model.Encode("\u0120unbelievably", ids);
        model.Encode("\u0120unbelievably", ids);

        long before = GC.GetAllocatedBytesForCurrentThread();
        model.Encode("\u0120unbelievably", ids);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Every_byte_has_a_character_of_its_own()
    {
        char[] characters = ByteAlphabet.All.ToArray();
        Assert.That(characters, Is.Unique.And.Length.EqualTo(256));
        Assert.That(characters.Select(ByteAlphabet.ByteOf), Is.EqualTo(Enumerable.Range(0, 256)));
        Assert.That(ByteAlphabet.Write(" \n\u00E9"), Is.EqualTo("\u0120\u010A\u00C3\u00A9"));
        Assert.That(ByteAlphabet.ByteOf('\u2581'), Is.EqualTo(-1));
    }
}
