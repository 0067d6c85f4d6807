use burn::nn::{Linear, LinearConfig};
use burn::tensor::Device;

use super::*;

fn linear() -> Linear {
    LinearConfig::new(4, 3).init(&Device::default().autodiff())
}

#[test]
fn the_scale_is_alpha_by_rank() {
    let scale = |alpha| {
        let module = Adapters::new(2, alpha, false).attach("f", linear());
        let module = module.expect("a matrix");
        module.weight.adapter().map(|adapter| adapter.scale)
    };
    assert_eq!(scale(None), Some(1.0));
    assert_eq!(scale(Some(8.0)), Some(4.0));
}

#[test]
fn what_can_be_trained_is_found() {
    let module = linear();
    assert!(!is_adapted(&module) && check_adapters("f", &module).is_err());
    let adapters = Adapters::new(2, None, false);
    let module = adapters.attach("f", module).expect("a matrix");
    assert!(is_adapted(&module) && check_adapters("f", &module).is_ok());
    let thawed = module.clone().unfreeze();
    assert!(!is_adapted(&thawed) && check_adapters("f", &thawed).is_ok());
    for module in [freeze_bases(thawed.clone()), adapters.restore(thawed)] {
        assert!(is_adapted(&module));
        let adapter = module.weight.adapter().expect("an adapter");
        assert!(adapter.a.is_require_grad());
    }
    // Merged for inference, it is neither thawed nor without what it needs.
    let merged = module.materialize();
    assert!(is_adapted(&merged) && check_adapters("f", &merged).is_ok());
}

#[test]
fn a_restored_base_has_ids_of_its_own_and_its_adapters_keep_theirs() {
    let module = Adapters::new(2, None, false).attach("f", linear());
    let module = module.expect("a matrix");
    let restored = freeze_bases(module.clone().unfreeze());
    assert_ne!(restored.weight.id, module.weight.id);
    let ids = |module: &Linear| {
        module
            .weight
            .adapter()
            .map(|adapter| (adapter.a.id, adapter.b.id))
    };
    assert_eq!(ids(&restored), ids(&module));
}
