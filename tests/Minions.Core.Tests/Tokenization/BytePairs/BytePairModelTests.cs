using CsCheck;
using Minions.Core.Tokenization.BytePairs;

namespace Minions.Core.Tests.Tokenization.BytePairs;

public class BytePairModelTests
{
    [TestCase("smollm2")]
    [TestCase("gpt2-like")]
    public void The_library_and_our_merger_give_the_same_ids(string name)
    {
        // Words up to a length go through Microsoft.ML.Tokenizers, longer ones and those with gaps in the vocabulary through PairMerger.
        var model = ReferenceTokenizers.Get(name).Model;
        var merger = new PairMerger(model.Vocabulary);
        Gen.OneOf(Gen.Char['a', 'z'], Gen.Const('e'), Gen.Const('t'), Gen.Char['!', '~'], Gen.Const('\u0120'))
            .Array[1, 100].Select(characters => new string(characters))
            .Sample(word =>
            {
                var ids = new List<int>();
                model.Encode(word, ids);
                var symbols = word.Select(character => model.Vocabulary.Ids[character.ToString()]).ToList();
                merger.MergeAll(symbols);
                return ids.SequenceEqual(symbols);
            }, iter: 3000);
    }

    [Test]
    public void Every_byte_has_a_character_of_its_own()
    {
        var characters = ByteAlphabet.All.ToArray();
        Assert.That(characters, Is.Unique.And.Length.EqualTo(256));
        Assert.That(characters.Select(ByteAlphabet.ByteOf), Is.EqualTo(Enumerable.Range(0, 256)));
        Assert.That(ByteAlphabet.Write(" \n\u00E9"), Is.EqualTo("\u0120\u010A\u00C3\u00A9"));
        Assert.That(ByteAlphabet.ByteOf('\u2581'), Is.EqualTo(-1));
    }
}
