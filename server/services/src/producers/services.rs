//! "Moje serwisy": which parts of the portal an account is registered for, and with which of them it starts.

use openbok_domain::access::{Service, ServiceView};
use openbok_domain::{Fault, FieldErrors};
use openbok_storage::{Reader, access, units};

use crate::{Caller, ServiceError, Services, boxed};

impl Services {
    /// Names of the companies that the caller writes plans for.
    pub(crate) async fn planned_companies(
        &self,
        reader: &mut Reader,
        caller: &Caller,
    ) -> Result<Vec<String>, ServiceError> {
        let operator = &*caller.operator;
        let mut names = Vec::new();
        for id in access::list_producers(reader.conn(), caller.account).await? {
            if let Some(company) = units::find_company_by_id(reader.conn(), operator.slug.as_str(), id).await? {
                names.push(self.name_of_company(operator, &company)?);
            }
        }
        Ok(names)
    }

    /// The services that the operator offers, and how the account stands to each.
    #[boxed]
    pub async fn list_services(&self, caller: &Caller) -> Result<Vec<ServiceView>, ServiceError> {
        let mut reader = self.db().read().await?;
        let chosen = access::find_default_service(reader.conn(), caller.account).await?;
        let chosen = chosen.and_then(|service| service.parse::<Service>().ok());
        let companies = self.planned_companies(&mut reader, caller).await?;
        let offered = Service::ALL.iter().copied().filter(|service| caller.operator.offers(*service));
        Ok(offered
            .map(|service| ServiceView {
                service,
                is_registered: caller.has(service),
                is_default: chosen == Some(service),
                companies: if service == Service::Planning { companies.clone() } else { Vec::new() },
            })
            .collect())
    }

    /// Chooses the service that the portal starts with.
    ///
    /// # Errors
    /// One that the account is not registered for is the fault of the field `service`.
    #[boxed]
    pub async fn choose_default_service(&self, caller: &Caller, service: Service) -> Result<(), ServiceError> {
        if !caller.operator.offers(service) || !caller.has(service) {
            return Err(FieldErrors::one("service", Fault::Wrong).into());
        }
        let mut tx = self.db().begin().await?;
        let operator = caller.operator.slug.as_str();
        access::update_default_service(tx.conn(), operator, caller.account, Some(service.as_str())).await?;
        Ok(tx.commit().await?)
    }

    /// The service that the portal starts with: the chosen one, else the customer's office, else the only one; none for whoever
    /// is registered for nothing, as after access was taken back.
    #[boxed]
    pub async fn starting_service(&self, caller: &Caller) -> Result<Option<Service>, ServiceError> {
        let mut reader = self.db().read().await?;
        let chosen = access::find_default_service(reader.conn(), caller.account).await?;
        let chosen = chosen.and_then(|service| service.parse::<Service>().ok());
        let in_order = chosen.into_iter().chain([Service::Office, Service::Planning]);
        Ok(in_order.into_iter().find(|service| caller.has(*service)))
    }
}

impl Caller {
    /// Whether the account is registered for a service.
    #[must_use]
    pub fn has(&self, service: Service) -> bool {
        match service {
            Service::Planning => self.is_producer,
            Service::Office => !self.scope.customers.is_empty(),
        }
    }
}
